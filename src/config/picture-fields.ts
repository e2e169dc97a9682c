// Settings of training that only models of pictures have: how many pictures of each class, and how they are changed.
import { type Field, type SettingsOf, defaults, typedSettings } from './field'
import { say } from './phrase'

/** How pictures are changed in training. All of it is off by default. */
export const augmentFields = [
  {
    key: 'flip',
    kind: 'pictures',
    type: 'boolean',
    label: 'Mirror',
    help: 'Mirrors every second picture left to right. Leave it off where the side matters, as for digits.',
    default: false,
  },
  {
    key: 'crop',
    kind: 'pictures',
    type: 'number',
    label: 'Crop',
    help: 'Cuts out a part at random and enlarges it. The value is the largest share of the area that may be cut away.',
    default: 0,
    min: 0,
    max: 0.95,
    step: 0.05,
  },
  {
    key: 'rotation',
    kind: 'pictures',
    type: 'number',
    label: 'Rotation',
    help: 'Turns by at most this angle to either side.',
    default: 0,
    min: 0,
    max: 180,
    step: 5,
    unit: '°',
  },
  {
    key: 'translation',
    kind: 'pictures',
    type: 'number',
    label: 'Shift',
    help: 'Moves by at most this share of the width and of the height.',
    default: 0,
    min: 0,
    max: 0.5,
    step: 0.05,
  },
  {
    key: 'colour',
    kind: 'pictures',
    type: 'number',
    label: 'Colour',
    help: 'Changes brightness, contrast and saturation by factors of at most 1 plus or minus this value.',
    default: 0,
    min: 0,
    max: 0.9,
    step: 0.1,
  },
  {
    key: 'erasing',
    kind: 'pictures',
    type: 'number',
    label: 'Erasing',
    help: 'The share of pictures of which a rectangle is painted grey (random erasing, Zhong et al. 2017).',
    default: 0,
    min: 0,
    max: 1,
    step: 0.05,
  },
] as const satisfies readonly Field[]

export type Augmentation = SettingsOf<typeof augmentFields>

export const pictureFields = [
  {
    key: 'shots',
    flag: 'class-shots',
    type: 'number',
    kind: 'pictures',
    label: 'Pictures per class',
    help: 'How many pictures of each class a run trains on, of those that the data have for training. The seed chooses them. 0 = all.',
    default: 0,
    min: 0,
    max: 200_000,
    integer: true,
    unit: 'pictures',
    zero: 'all',
    advanced: true,
  },
  ...augmentFields,
] as const satisfies readonly Field[]

const off = defaults(augmentFields)

/** The changes among the settings of a run; undefined without any. */
export function augmentationOf(settings: Augmentation): Augmentation | undefined {
  const own = Object.fromEntries(augmentFields.map(({ key }) => [key, settings[key]]))
  return augmentFields.some(({ key }) => settings[key] !== off[key]) ? typedSettings(say`augmentation`, augmentFields, own) : undefined
}
