// What the demo gives, for the empty page: the losses of the first 60 of 120 steps as `tabtune train` printed them on a software adapter, and the exact
// answers before and after all steps (public/demo/README.md, which has both commands).
export const demoRecord = {
  losses: [
    9.617, 9.166, 9.159, 8.948, 8.031, 6.924, 6.263, 5.464, 5.241, 4.157, 3.137, 2.747, 2.333, 1.431, 1.15, 1.033, 0.8688, 0.4985, 0.4807,
    0.3556, 0.3522, 0.2524, 0.2417, 0.236, 0.1262, 0.1244, 0.09815, 0.0779, 0.07346, 0.06127, 0.06198, 0.05224, 0.05745, 0.03999, 0.0862,
    0.047, 0.02993, 0.01816, 0.08052, 0.05558, 0.03546, 0.02139, 0.02285, 0.04567, 0.0153, 0.02573, 0.02083, 0.0129, 0.009456, 0.05319,
    0.01438, 0.008423, 0.02156, 0.01876, 0.02076, 0.01578, 0.0122, 0.01064, 0.01252, 0.01096,
  ],
  exact: { before: 0, after: 62, rows: 64 },
  /** A held-out row. */
  prompt: 'They call it Cafe Venbalra. It is an excellent restaurant with Turkish food.',
  completion: 'inform(name[Cafe Venbalra], food[Turkish], rating[excellent])',
  files: ['adapter_model.safetensors', 'adapter_config.json', 'adapter.gguf', 'README.md', 'metrics.jsonl'],
}
