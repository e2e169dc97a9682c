// LLaMA-Factory 0.9.5: one YAML, and the rows as a tokenised dataset, so that none of its chat templates touches them.
import { type Phrase, say } from '../../config/phrase'
import { type Engine, textFile } from './engine'
import type { PreparedRun } from './prepared-run'
import { scriptNamed } from './python'
import {
  baseFolder,
  batchOf,
  evaluations,
  fourBits,
  homeFiles,
  isPissa,
  lowRank,
  resultFolder,
  schedules,
  startFolder,
  trainerLacks,
  trainerNotes,
} from './trainer'
import { type YamlMap, yaml } from './yaml'

const name = 'LLaMA-Factory'
const tokenised = 'tokenized'

function lacks(run: PreparedRun): Phrase | undefined {
  const { method, settings } = run
  if (!lowRank(run) && !['full', 'top-layers'].includes(method.name))
    return say`${name} has no ${method.label}. It has LoRA, QLoRA, DoRA, PiSSA, training of the top layers, and full fine-tuning.`
  if (method.name === 'top-layers' && settings.head === true)
    return say`${name} finds final norm and head by parts of names, which fit the norms of all layers too. Train the top layers without them to export the run for it.`
  if (method.name === 'top-layers' && run.base.named.size)
    return say`${name} finds layers by parts of names, which fit the experts of all layers too. Train with another method to export the run for it.`
  if (isPissa(run) && (settings.rankPattern || settings.alphaPattern))
    return say`${name} starts PiSSA with one rank and one alpha for all layers. Take the patterns out to export the run for it.`
  return trainerLacks(name, run)
}

function methodKeys(run: PreparedRun): YamlMap {
  const { method, settings } = run
  if (method.name === 'full') return { finetuning_type: 'full' }
  if (method.name === 'top-layers')
    return { finetuning_type: 'freeze', freeze_trainable_layers: Number(settings.layers), freeze_trainable_modules: 'all' }
  const targets = String(settings.targetModules)
  const ratio = Number(settings.plusRatio ?? 1)
  return {
    finetuning_type: 'lora',
    adapter_name_or_path: isPissa(run) ? undefined : startFolder,
    lora_rank: Number(settings.r),
    lora_alpha: Number(settings.alpha),
    lora_dropout: Number(settings.dropout ?? 0),
    lora_target: targets === 'all-linear' ? 'all' : targets.split(/[\s,]+/).join(','),
    use_rslora: settings.rsLora === true || undefined,
    use_dora: method.name === 'dora' || undefined,
    // All singular vectors, as in TabTune, and a plain LoRA at the end.
    ...(isPissa(run) && { pissa_init: true, pissa_iter: -1, pissa_convert: true }),
    ...(ratio !== 1 && { loraplus_lr_ratio: ratio, loraplus_lr_embedding: run.training.learningRate * ratio }),
  }
}

function keeping(run: PreparedRun, rows: number): YamlMap {
  const { every, patience } = evaluations(run)
  return {
    logging_steps: 1,
    report_to: 'none',
    output_dir: resultFolder,
    save_strategy: 'steps',
    save_steps: every || run.steps,
    save_total_limit: 2,
    ...(run.evaluation.count && {
      do_eval: true,
      eval_on_start: true,
      per_device_eval_batch_size: rows,
      ...(every ? { eval_strategy: 'steps', eval_steps: every } : {}),
    }),
    ...(patience && {
      early_stopping_steps: patience,
      load_best_model_at_end: true,
      metric_for_best_model: 'eval_loss',
      greater_is_better: false,
    }),
  }
}

function configuration(run: PreparedRun): string {
  const { training, steps, evaluation } = run
  const { rows, accumulate } = batchOf(run)
  const bits = fourBits(run)
  return yaml([
    {
      about: 'The base. On the command line, model_name_or_path=DIR names another place.',
      keys: {
        model_name_or_path: baseFolder(run),
        ...(bits &&
          lowRank(run) && {
            quantization_method: 'bnb',
            quantization_bit: 4,
            quantization_type: bits.type,
            double_quantization: bits.double,
          }),
      },
    },
    {
      about:
        lowRank(run) && !isPissa(run)
          ? 'The method. Ranks, targets and starting values are those of the adapter in ../start; the keys below only repeat them.'
          : 'The method.',
      keys: { stage: 'sft', do_train: true, ...methodKeys(run) },
    },
    {
      about: `The rows, as prepare.py wrote them into ${tokenised}. The names of datasets are asked for and not used.`,
      keys: {
        tokenized_path: tokenised,
        dataset: 'run',
        ...(evaluation.count && { eval_dataset: 'held_out' }),
        template: 'empty',
        cutoff_len: training.maxLength,
        disable_shuffling: true,
      },
    },
    {
      about: 'The steps. On N GPUs, divide gradient_accumulation_steps (or the rows) by N, so that a step keeps its rows.',
      keys: {
        max_steps: steps,
        per_device_train_batch_size: rows,
        gradient_accumulation_steps: accumulate,
        learning_rate: training.learningRate,
        lr_scheduler_type: schedules[training.schedule],
        warmup_steps: training.warmup,
        max_grad_norm: training.clip,
        optim: training.optimizer === 'adamw' ? 'adamw_torch' : 'adamw_bnb_8bit',
        weight_decay: training.weightDecay,
        adam_beta1: training.beta1,
        adam_beta2: training.beta2,
        adam_epsilon: training.epsilon,
        seed: training.seed,
        bf16: true,
        disable_gradient_checkpointing: !training.checkpointing,
      },
    },
    { about: 'What it measures and keeps.', keys: keeping(run, rows) },
  ])
}

const requirements = [
  'llamafactory==0.9.5',
  'torch==2.13.0',
  'transformers==5.6.0',
  'peft==0.18.1',
  'accelerate==1.11.0',
  'datasets==4.0.0',
  'trl==0.24.0',
]

function readme(run: PreparedRun): string {
  const bits = fourBits(run)
  const notes = [
    'On GPUs it computes in bfloat16, so losses differ from those of TabTune in the third digit. On a CPU it takes the type that config.json of the base names.',
    ...trainerNotes(run),
    ...(run.trainsBase ? ['The result is a whole model. Open its folder as a model.'] : []),
  ]
  return `\`\`\`sh
cd llamafactory
python3 -m pip install -r requirements.txt${bits || run.training.optimizer === 'adamw-8bit' ? ' bitsandbytes' : ''}
python3 prepare.py --arrow ${tokenised}
llamafactory-cli train run.yaml
\`\`\`

On a CPU: \`llamafactory-cli train run.yaml use_cpu=true bf16=false\`. On several GPUs it starts one process for each; \`FORCE_TORCHRUN=1\` and its variables \`NNODES\`, \`NODE_RANK\`, \`MASTER_ADDR\` name several machines.

The rows are read as token ids with the labels of the run, in the order of its steps. LLaMA-Factory's own templates, \`train_on_prompt\` and \`cutoff_len\` have no part in them. If \`${tokenised}/\` is missing, it stops and asks for a dataset.

${notes.map((note) => `- ${note}`).join('\n')}

The adapter is in \`${resultFolder}/\`${isPissa(run) ? `, as a plain LoRA in \`${resultFolder}/pissa_converted/\`` : ''}, with its curve in \`trainer_state.json\`.

Tried: LoRA on a CPU (losses of 20 steps within 0.0005 of those of TabTune), and the parser of LLaMA-Factory 0.9.5 for every method. Not tried: GPUs, several processes.
`
}

export const llamaFactory: Engine = {
  name: 'llamafactory',
  label: name,
  lacks,
  files: (run) => [
    textFile('run.yaml', configuration(run)),
    textFile('prepare.py', scriptNamed('prepare.py')),
    textFile('requirements.txt', requirements.map((line) => `${line}\n`).join('')),
    ...homeFiles(run),
  ],
  readme,
}
