// English: the run in progress.

export const train = {
  emptyTitle: 'No runs yet',
  emptyBody: 'Loss and perplexity curves appear here while a run trains. They stay here, so you can compare runs.',
  emptyAction: 'Set up a run',
  pause: 'Pause',
  resume: 'Resume',
  stop: 'Stop and save',
  shortcut: 'Space pauses and resumes.',
  pauseLater: 'You can pause a run once training has begun.',
  /** What a pause or a stop waits for; `other` is everything before the first step. */
  pausing: {
    training: 'Pauses after the current step.',
    evaluating: 'Pauses after the rows being evaluated now.',
    saving: 'The adapter is being saved.',
    other: 'Pauses as soon as training begins.',
  },
  stopping: {
    training: 'Stops after the current step. The adapter is saved.',
    evaluating: 'Stops after the rows being evaluated now. The adapter is saved.',
    saving: 'The adapter is being saved.',
    other: 'Stops when the current part of the preparation is done.',
  },
  closing: 'Training has ended. The adapter is evaluated on the held-out rows before it is saved.',
  skipping: 'Saves the adapter after the rows being evaluated now.',
  skip: 'Skip the evaluation',
  skipHelp: 'Saves the adapter now, without its perplexity. You can evaluate it later in the library.',
  evaluating: 'Measures the weights on held-out rows. Training continues after it.',
  passing: 'Continues training after the rows being evaluated now.',
  passHelp: 'Continues training now. This evaluation then gives no perplexity.',
  evaluationLeft: (time: string) => `${time} left`,
  rows: (done: string, all: string) => `${done} of ${all} rows`,
  step: 'Step',
  of: 'of',
  left: 'Time left',
  snapshotMeans: 'A snapshot is a copy of a run at one step, from which it continues as if it had not been interrupted.',
  interrupted:
    'The page was closed while this run was training, and there is no snapshot to resume from. It can start again from its first step, with the same settings; that replaces its curves.',
  interruptedAt: (step: string, steps: string) => `Interrupted. Its newest snapshot is from step ${step} of ${steps}.`,
  interruptedEarly: 'The page was closed before the first snapshot of this run.',
  newestSnapshot: (step: string) => `Its newest snapshot is from step ${step}.`,
  resumeRun: 'Resume',
  startNow: 'Start',
  startAgain: 'Start again',
  resumeOf: (name: string) => `Resume ${name}`,
  startOf: (name: string) => `Start ${name}`,
  startAgainOf: (name: string) => `Start ${name} again`,
  downloadThere: (step: string) => `Download the adapter of step ${step}`,
  notKept: 'The adapter is not saved. Until this page is closed, you can download it.',
  keepAgain: 'Try to save it again',
  foundBeside: (count: number) =>
    count === 1
      ? 'The browser lost the newest record of a run. The run was found again in its copy, with its curves. An adapter that was saved with the record is lost.'
      : `The browser lost the newest records of ${count} runs. They were found again in copies, with their curves. Adapters that were saved with the records are lost.`,
  saving: 'Interrupted runs',
  saveEvery: 'Minutes between snapshots',
  resumeBySelf: 'Resume interrupted runs when the page is opened',
  failedKept: 'The adapter is saved as it was before that step. You can download it, chat with it or train it further.',
  recovered: (times: number) =>
    times === 1
      ? 'The graphics device was lost and recovered during this run.'
      : `The graphics device was lost and recovered ${times} times during this run.`,
  elsewhere: 'This run is training in another tab.',
  elsewherePaused: 'This run is paused in another tab.',
  elsewhereQueued: 'This run waits in the queue of another tab.',
  takeOver: 'Take over here',
  takeOverHelp: 'The run stops in the other tab at its next step, and is resumed in this one.',
  openingForRun: 'Opening the model and the data of this run. It continues in the other tab meanwhile.',
  taking:
    'Waiting for the other tab to stop the run at its next step. If the browser has frozen that tab, close it: the run is then resumed here.',
  behind: (name: string) => `${name} is training in another tab. This run starts when it ends.`,
  title: (state: string, name: string, page: string) => `${state} · ${name} — ${page}`,
  notify: 'Notify me when training ends',
  notifyRefused: 'The browser does not allow this page to notify you. Allow notifications in the browser’s settings for this site.',
  queueLength: (count: string) => `${count} more in the queue`,
  announce: (name: string, percent: string) => `${name}: ${percent} done`,
  announceStatus: (name: string, status: string) => `${name}: ${status}`,
}
