// What PEFT with transformers cannot train as it was trained here. It is named, not approximated.
import { type Phrase, say } from '../../config/phrase'
import { type PreparedRun, trainedExpert, trainsTokens } from './prepared-run'

/** Settings of a LoRA that its file does not need, but its training does. */
function lacksInSettings(run: PreparedRun): Phrase | undefined {
  if (run.settings.start === 'pissa')
    return say`The run starts from singular vectors (PiSSA), and the scripts start from the adapter’s file only. Train with A random, B zero to export the run.`
  if (trainsTokens(run))
    return say`The run trains rows of single tokens, which the scripts do not do. Train without new tokens to export the run.`
  const expert = trainedExpert(run)
  if (expert !== undefined)
    return say`The run trains ${expert}, and transformers keeps the experts of a block in one tensor. Leave experts and routers out of the target modules to export the run.`
  return undefined
}

/** Why PEFT or transformers cannot train the run, or undefined. */
export function peftLacks(run: PreparedRun): Phrase | undefined {
  const { method, training, base } = run
  if (base.config.vision) return say`Models that sort pictures are trained in TabTune only.`
  if (method.library) return say`PEFT has no ${method.label}.`
  const { files } = base.family
  if (method.peftType === 'ADAPTION_PROMPT' && !files.peftAdaption) return say`PEFT has no ${method.label} for ${files.label} models.`
  if (training.optimizer !== 'adamw')
    return say`The run’s optimizer keeps its states in 8 bits, and the scripts have AdamW with 32 bits. Train with the optimizer AdamW to export the run.`
  return lacksInSettings(run)
}
