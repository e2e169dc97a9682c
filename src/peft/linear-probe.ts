// Linear probe: only the head of a classifier is trained, on the features of the frozen model (Alain & Bengio 2016, arXiv 1610.01644).
import { mergeBaseTensors, trainBaseTensors } from './base-tensors'
import { UnsupportedError } from '../config/errors'
import { say } from '../config/phrase'
import { classifierTensors, picturesOnly } from './classifier'
import { commonKeys, flag } from './config-keys'
import { declare } from './initial'
import { type MethodHooks, type SetUp, defineMethod } from './method'

/**
 * A model that compares pictures with texts has no head. It gets one on what the tower that sees makes of a picture, before the projection
 * (Radford et al. 2021, appendix A.3). It starts at zero.
 */
async function newHead(context: SetUp): Promise<MethodHooks> {
  const { config } = context.base
  const classes = config.vision!.classes.length
  const zeros = (name: string, shape: readonly number[]) => ({
    name,
    shape,
    decay: shape.length > 1,
    fresh: () => new Float32Array(shape.reduce((a, b) => a * b, 1)),
  })
  const tensors = declare(context, [zeros('classifier.weight', [classes, config.hidden]), zeros('classifier.bias', [classes])])
  return { texts: false, parameter: (name) => tensors.get(name) }
}

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
  setUp: async (context) => (context.base.family.scores ? newHead(context) : trainBaseTensors(context, classifierTensors(context.base))),
  merge(tensors, _settings, base) {
    if (base.family.scores)
      throw new UnsupportedError(
        say`${base.name}: expected a model with a head that the trained one takes the place of, got a model of the ${base.family.files.label} family, which has none. Use the adapter beside the model.`,
      )
    return mergeBaseTensors(tensors)
  },
  toConfig: (_settings, base) => ({ peft_type: 'LINEAR_PROBE', own_format: true, base_model_name_or_path: base.name }),
  configKeys: { ...commonKeys('LINEAR_PROBE'), own_format: flag },
  fromConfig: () => ({}),
})
