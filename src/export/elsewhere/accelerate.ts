// Hugging Face Accelerate with PEFT: one training function for one process, many, FSDP 2 and DeepSpeed ZeRO-3.
import { type Engine, textFile } from './engine'
import { peftLacks } from './peft-lacks'
import { configNamed, requirements, scriptNamed } from './python'

const configs = ['one.yaml', 'two_cpu.yaml', 'many.yaml', 'fsdp.yaml', 'zero3.yaml']

const readme = `\`\`\`sh
cd accelerate
python3 -m pip install -r requirements.txt
accelerate launch --config_file configs/one.yaml train.py --out result
\`\`\`

| Config | For | Tried |
| --- | --- | --- |
| \`one.yaml\` | one process, on a CPU or one GPU | on a CPU |
| \`two_cpu.yaml\` | two processes on CPUs | yes |
| \`many.yaml\` | eight GPUs that each hold the base | no: it needs GPUs |
| \`fsdp.yaml\` | eight GPUs that share the weights (FSDP 2) | not this file, which needs GPUs; FSDP 2 on two CPU processes |
| \`zero3.yaml\` | eight GPUs that share the weights (DeepSpeed ZeRO-3); install deepspeed too | no: it needs GPUs |

\`--num_processes N\` before \`train.py\` is the number of GPUs, and \`--num_machines\`, \`--machine_rank\` and \`--main_process_ip\` name several machines. \`--rows N\` is how many rows each process computes at once: less memory, same result. \`--dtype bfloat16\` holds the base in half the memory; losses then differ from TabTune's. \`--save-every N\` keeps a checkpoint in \`result/checkpoint\`, and \`--resume\` continues from it.

A run with a patience (early stopping) is refused with ZeRO-3, and by \`--resume\` with FSDP 2: the best weights could not be put back.
`

export const accelerate: Engine = {
  name: 'accelerate',
  label: 'Hugging Face Accelerate and PEFT',
  lacks: peftLacks,
  files: () => [
    ...['train.py', 'home.py'].map((name) => textFile(name, scriptNamed(name))),
    ...configs.map((name) => textFile(`configs/${name}`, configNamed(name))),
    textFile('requirements.txt', requirements(['torch', 'transformers', 'peft', 'accelerate', 'safetensors'])),
  ],
  readme: () => readme,
}
