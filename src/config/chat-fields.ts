// The settings of the chat: how the model is told to behave, how tokens are chosen, and where answers end.
import { answerField } from './answer-length'
import { type Field, type SettingsOf } from './field'
import { samplingFields } from './sampling-fields'

const [temperature, ...filters] = samplingFields

/** Always on the page. */
export const usualChatFields = [
  temperature,
  answerField,
  {
    key: 'seed',
    type: 'number',
    label: 'Seed',
    help: 'The same seed draws the same tokens.',
    default: 0,
    min: 0,
    max: 4_294_967_295,
    integer: true,
  },
] as const satisfies readonly Field[]

/** Under “more settings”. */
export const moreChatFields = [
  {
    key: 'systemWords',
    type: 'text',
    label: 'System prompt',
    help: 'How the models should behave. If it is empty, each is asked with the system words of its training.',
    default: '',
    multiline: true,
  },
  ...filters,
  {
    key: 'stops',
    type: 'text',
    label: 'Stop texts',
    help: 'An answer ends in front of any of these texts. Write one on each line; \\n is a line break.',
    default: '',
    multiline: true,
  },
] as const satisfies readonly Field[]

export const chatFields = [...usualChatFields, ...moreChatFields] as const
export type ChatSettings = SettingsOf<typeof chatFields>

/** The texts of the field `stops`. */
export const stopTexts = (stops: string): string[] =>
  stops
    .split('\n')
    .map((line) => line.replaceAll('\\n', '\n'))
    .filter((line) => line !== '')
