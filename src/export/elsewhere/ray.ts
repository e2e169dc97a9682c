// Ray Train on the training function of the Accelerate script.
import { type Engine, textFile } from './engine'
import { peftLacks } from './peft-lacks'
import { configNamed, requirements, scriptNamed } from './python'

const readme = `\`\`\`sh
cd ray
python3 -m pip install -r requirements.txt
python3 ray_train.py --out /shared/result --workers 8
\`\`\`

The training function is that of \`../accelerate/train.py\`. \`--out\` is a folder that every node reaches: checkpoints and the adapter are written there. If a worker or its node is lost, Ray starts the workers again, and the run continues from the last checkpoint (\`--save-every N\` steps). \`cluster.yaml\` starts a cluster on machines of your own: \`ray up cluster.yaml\`, then \`ray_train.py --address auto\` on its head.

If the first start takes longer than a minute, as on a busy machine, set \`RAY_TRAIN_WORKER_GROUP_START_TIMEOUT_S\` to more than its 60 seconds.

Tried: a cluster on one machine with two workers on CPUs, of which one was killed after a checkpoint. Not tried: GPUs, several machines, \`cluster.yaml\`.
`

export const ray: Engine = {
  name: 'ray',
  label: 'Ray Train',
  lacks: peftLacks,
  files: () => [
    textFile('ray_train.py', scriptNamed('ray_train.py')),
    textFile('cluster.yaml', configNamed('cluster.yaml')),
    textFile('requirements.txt', requirements(['torch', 'transformers', 'peft', 'accelerate', 'safetensors', 'ray'])),
  ],
  readme: () => readme,
}
