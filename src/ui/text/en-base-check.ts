// English: whether the base on the GPU is still the one that was uploaded.

export const baseCheck = {
  start: 'Check that the base is unchanged',
  again: 'Check the base again',
  help: 'Reads all weights of the base back from the GPU, and compares their SHA-256 with that of the bytes that were uploaded.',
  busy: 'A run is in progress. The base can be checked when it has ended.',
  same: (sum: string, tensors: string, size: string, seconds: string, at: string) =>
    `The base model’s weights on the GPU are the same as when it was opened: SHA-256 ${sum} (${tensors} tensors, ${size}, read back in ${seconds} s at ${at}).`,
  sameReloaded: (sum: string, tensors: string, size: string, seconds: string, at: string) =>
    `The base model’s weights on the GPU are the same as when they were last uploaded: SHA-256 ${sum} (${tensors} tensors, ${size}, read back in ${seconds} s at ${at}).`,
  reloaded:
    'They were uploaded again from the same files after the model was opened, because the graphics device was lost or because the head was made for other classes.',
  putBack: (tensors: string) =>
    `Of these, ${tensors} left the GPU while a run trained a copy of its own in their place, and were then read from the file again.`,
  changed: (changed: string, tensors: string, names: string) =>
    `The base model’s weights on the GPU are not those that were uploaded: ${changed} of ${tensors} tensors differ (${names}). Open the model again. If this happens again, report it with the diagnostics.`,
  trainedSince: 'A run has trained since this check.',
  whole: 'Whole checksum',
}
