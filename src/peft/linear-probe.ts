// Linear probe: only the head of a classifier is trained, on the features of the frozen model (Alain & Bengio 2016, arXiv 1610.01644).
import { mergeBaseTensors, trainBaseTensors } from './base-tensors'
import { classifierTensors, picturesOnly } from './classifier'
import { commonKeys, flag } from './config-keys'
import { defineMethod } from './method'

export const linearProbe = defineMethod({
  name: 'linear-probe',
  label: 'Linear probe',
  summary:
    'Trains only the head that sorts pictures into classes. Choose it first: it shows how much the model knows already, and other methods are compared with it.',
  paper: 'Alain & Bengio 2016, arXiv 1610.01644',
  fields: [],
  training: { learningRate: 1e-3 },
  bases: [],
  peftType: 'LINEAR_PROBE',
  serves: picturesOnly,
  baseTensors: classifierTensors,
  setUp: async (context) => trainBaseTensors(context, classifierTensors(context.base)),
  merge: mergeBaseTensors,
  toConfig: (_settings, base) => ({ peft_type: 'LINEAR_PROBE', own_format: true, base_model_name_or_path: base.name }),
  configKeys: { ...commonKeys('LINEAR_PROBE'), own_format: flag },
  fromConfig: () => ({}),
})
