// BitFit (Ben Zaken 2021, arXiv 2106.10199, section 3): only the biases are trained, those of norms included.
import { mergeBaseTensors, trainBaseTensors } from './base-tensors'
import { say } from '../config/phrase'
import { classifierTensors, everyTask } from './classifier'
import { commonKeys, flag } from './config-keys'
import { type Base, defineMethod } from './method'

function biases(base: Base): string[] {
  return [...base.tensors.keys()].filter((name) => name.endsWith('.bias'))
}

/** The biases, and the whole head of a classifier. */
function trained(base: Base): string[] {
  return [...new Set([...biases(base), ...classifierTensors(base)])]
}

export const bitfit = defineMethod({
  name: 'bitfit',
  label: 'BitFit',
  summary: 'Trains only the biases that the model already has. Choose it for small adjustments to models that have biases.',
  paper: 'Ben Zaken et al. 2021, arXiv 2106.10199',
  fields: [],
  training: { learningRate: 1e-3 },
  bases: [],
  serves: everyTask,
  peftType: 'BITFIT',
  unavailable: (base) =>
    biases(base).length
      ? undefined
      : say`${base.name}: expected a model with biases, got a model of the ${base.family.files.label} family without them. Choose another method or another model.`,
  baseTensors: trained,
  setUp: async (context) => trainBaseTensors(context, trained(context.base)),
  merge: mergeBaseTensors,
  toConfig: (_settings, base) => ({ peft_type: 'BITFIT', own_format: true, base_model_name_or_path: base.name }),
  configKeys: { ...commonKeys('BITFIT'), own_format: flag },
  fromConfig: () => ({}),
})
