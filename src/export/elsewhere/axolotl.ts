// axolotl 0.19: one YAML, and the rows as JSON lines of input_ids, attention_mask and labels, which it takes as they are.
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

const name = 'axolotl'

function lacks(run: PreparedRun): Phrase | undefined {
  const { method, settings, training } = run
  if (!lowRank(run) && !run.trainsBase)
    return say`${name} has no ${method.label}. It has LoRA, QLoRA, DoRA, PiSSA, and training of the base’s own weights, all or some of them.`
  if (settings.plusRatio !== undefined && settings.plusRatio !== 1 && training.weightDecay > 0)
    return say`${name} has LoRA+ without weight decay. Set the weight decay to 0 to export the run for it.`
  return trainerLacks(name, run)
}

function methodKeys(run: PreparedRun): YamlMap {
  const { method, settings, trained, training } = run
  if (run.trainsBase) return method.name === 'full' ? {} : { unfrozen_parameters: trained.map((tensor) => `${tensor.name}$`) }
  const targets = String(settings.targetModules)
  const bits = fourBits(run)
  const ratio = Number(settings.plusRatio ?? 1)
  return {
    adapter: bits ? 'qlora' : 'lora',
    ...(bits && { load_in_4bit: true, bnb_config_kwargs: { bnb_4bit_quant_type: bits.type, bnb_4bit_use_double_quant: bits.double } }),
    lora_model_dir: isPissa(run) ? undefined : startFolder,
    lora_r: Number(settings.r),
    lora_alpha: Number(settings.alpha),
    lora_dropout: Number(settings.dropout ?? 0),
    ...(targets === 'all-linear' ? { lora_target_linear: true } : { lora_target_modules: targets.split(/[\s,]+/) }),
    peft_use_rslora: settings.rsLora === true || undefined,
    peft_use_dora: method.name === 'dora' || undefined,
    peft_init_lora_weights: isPissa(run) ? 'pissa' : undefined,
    ...(ratio !== 1 && { loraplus_lr_ratio: ratio, loraplus_lr_embedding: training.learningRate * ratio }),
  }
}

function configuration(run: PreparedRun): string {
  const { training, steps, evaluation } = run
  const { rows, accumulate } = batchOf(run)
  const { every, patience } = evaluations(run)
  return yaml([
    { about: 'The base.', keys: { base_model: baseFolder(run) } },
    {
      about:
        lowRank(run) && !isPissa(run)
          ? 'The method. Ranks, targets and starting values are those of the adapter in ../start; the keys below only repeat them.'
          : 'The method.',
      keys: methodKeys(run),
    },
    {
      about: 'The rows, as prepare.py wrote them. They are taken as they are, in their order.',
      keys: {
        datasets: [{ path: 'train.jsonl', ds_type: 'json' }],
        ...(evaluation.count && { test_datasets: [{ path: 'eval.jsonl', ds_type: 'json', split: 'train' }] }),
        val_set_size: 0,
        dataset_prepared_path: 'prepared',
        shuffle_merged_datasets: false,
        curriculum_sampling: true,
        sample_packing: false,
        pad_to_sequence_len: false,
        sequence_len: training.maxLength,
        excess_length_strategy: 'raise',
      },
    },
    {
      about: 'The steps. On N GPUs, divide gradient_accumulation_steps (or the rows) by N, so that a step keeps its rows.',
      keys: {
        max_steps: steps,
        num_epochs: 1,
        micro_batch_size: rows,
        gradient_accumulation_steps: accumulate,
        learning_rate: training.learningRate,
        lr_scheduler: schedules[training.schedule],
        warmup_steps: training.warmup,
        max_grad_norm: training.clip,
        optimizer: training.optimizer === 'adamw' ? 'adamw_torch' : 'adamw_bnb_8bit',
        weight_decay: training.weightDecay,
        adam_beta1: training.beta1,
        adam_beta2: training.beta2,
        adam_epsilon: training.epsilon,
        seed: training.seed,
        bf16: run.trainsBase ? false : 'auto',
        attn_implementation: 'sdpa',
        gradient_checkpointing: training.checkpointing,
      },
    },
    {
      about: 'What it measures and keeps.',
      keys: {
        logging_steps: 1,
        output_dir: resultFolder,
        save_steps: every || steps,
        save_total_limit: 2,
        ...(every ? { eval_steps: every, eval_batch_size: rows } : {}),
        ...(patience && {
          early_stopping_patience: patience,
          load_best_model_at_end: true,
          metric_for_best_model: 'eval_loss',
          greater_is_better: false,
        }),
      },
    },
  ])
}

function readme(run: PreparedRun): string {
  const notes = [
    run.trainsBase
      ? '`bf16: false` keeps all weights in float32, as the run does. `bf16: true` halves the memory, and trains the weights themselves in bfloat16.'
      : 'With `bf16: auto` it computes in bfloat16 where the GPU has it, so losses differ from those of TabTune in the third digit. `bf16: false` holds all in float32.',
    ...trainerNotes(run),
    ...(run.trainsBase ? ['The result is a whole model. Open its folder as a model.'] : []),
  ]
  return `\`\`\`sh
cd axolotl
python3 -m pip install -r requirements.txt
python3 prepare.py
AXOLOTL_DO_NOT_TRACK=1 axolotl train run.yaml
\`\`\`

Without \`AXOLOTL_DO_NOT_TRACK=1\`, axolotl sends usage data to its makers.

The rows are token ids with the labels of the run, in the order of its steps, so no prompt strategy of axolotl has a part in them. A row that is too long would stop it; none is.

${notes.map((note) => `- ${note}`).join('\n')}

The adapter is in \`${resultFolder}/\`, and its curve in the last \`${resultFolder}/checkpoint-…/trainer_state.json\`. Drop the whole \`${resultFolder}/\`.

Tried: the parser of axolotl 0.19.0 for every method. Not tried: training. It needs a GPU.
`
}

export const axolotl: Engine = {
  name: 'axolotl',
  label: name,
  lacks,
  files: (run) => [
    textFile('run.yaml', configuration(run)),
    textFile('prepare.py', scriptNamed('prepare.py')),
    textFile('requirements.txt', 'axolotl==0.19.0\n'),
    ...homeFiles(run),
  ],
  readme,
}
