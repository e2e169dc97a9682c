// The numbers of shaders/common/step_state.wgsl, written down a second time: a test should not share a mistake with what it tests.
const places = [
  'lossScale',
  'supervised',
  'seed',
  'learningRate',
  'beta1',
  'beta2',
  'correction1',
  'correction2',
  'epsilon',
  'weightDecay',
  'clip',
  'rest1',
  'rest2',
] as const

export type StepStateNumbers = Partial<Record<(typeof places)[number], number>>

/** 64 words; what is not given is 0. */
export function stepState(numbers: StepStateNumbers): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(64)
  const floats = new Float32Array(words.buffer)
  places.forEach((name, i) => {
    if (name === 'supervised' || name === 'seed') words[i] = numbers[name] ?? 0
    else floats[i] = numbers[name] ?? 0
  })
  return words
}
