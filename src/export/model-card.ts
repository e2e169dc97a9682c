// The README of an adapter: its method, base and data, its measured losses, and how to load it.
import type { Settings } from '../config/field'
import { evaluationMetrics, shortName } from '../config/metrics'
import type { RunSummary } from '../config/run-reports'
import { configName } from '../peft/adapter-folder'
import type { Method } from '../peft/method'
import type { FolderFile } from '../peft/model-folder'

const number = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? 'not measured' : value.toPrecision(4))

const peftUse = (lines: readonly string[], imports: string) =>
  `In Python, with PEFT:\n\n\`\`\`python\nfrom transformers import ${imports}\nfrom peft import PeftModel\n\nbase = AutoModelForCausalLM.from_pretrained("path/to/the/base/model")\n${lines.map((l) => `${l}\n`).join('')}model = PeftModel.from_pretrained(base, "path/to/this/folder")\n\`\`\`\n`

/** Lines that load the adapter's tokenizer, and that add rows to the base if it has none for the new tokens. */
const tokensUse = peftUse(
  [
    'tokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")',
    'if len(tokenizer) > base.config.vocab_size:',
    '    base.resize_token_embeddings(len(tokenizer))',
  ],
  'AutoModelForCausalLM, AutoTokenizer',
)

function useText(method: Method, settings: Settings, files: readonly FolderFile[]): string {
  const has = (path: string) => files.some((f) => f.path === path)
  if (!has(configName)) return 'This folder is a whole model. In Python: `AutoModelForCausalLM.from_pretrained("path/to/this/folder")`\n'
  if (method.baseTensors)
    return 'The file holds the changed tensors under the base model\'s own names. In Python:\n\n```python\nfrom safetensors.torch import load_file\nfrom transformers import AutoModelForCausalLM\n\nmodel = AutoModelForCausalLM.from_pretrained("path/to/the/base/model")\nmodel.load_state_dict(load_file("path/to/this/folder/adapter_model.safetensors"), strict=False)\n```\n'
  if (method.newTokens?.(settings).length) return tokensUse
  const peft = peftUse([], 'AutoModelForCausalLM')
  return has('adapter.gguf') ? `${peft}\nIn llama.cpp, with the base in GGUF form: \`llama-cli -m base.gguf --lora adapter.gguf\`\n` : peft
}

/** A model card in Markdown, for a folder with `files`. */
export function modelCard(summary: RunSummary, method: Method, files: readonly FolderFile[]): string {
  const { config, memory } = summary
  const settings = Object.entries({ ...config.methodSettings, ...config.training }).map(
    ([key, value]) => `| ${key} | ${String(value).replaceAll('|', '\\|')} |`,
  )
  const heldOut = evaluationMetrics.map(
    (m) =>
      `| Held-out ${shortName(m).toLowerCase()} before, after | ${number(summary.firstEval?.[m.key])}, ${number(summary.finalEval?.[m.key])} |`,
  )
  return `---
library_name: ${method.baseTensors ? 'transformers' : 'peft'}
base_model: ${JSON.stringify(summary.model.name)}
tags: [${method.name}, tabtune]
---

# ${method.label} adapter for ${summary.model.name}

Trained with ${method.label} (${method.paper}) in TabTune, on the owner's device. Base precision: ${summary.model.base}.

| | |
|---|---|
| Data | ${summary.data.name}, ${summary.data.rows} training rows |
| Trainable parameters | ${memory.trainableParameters} of ${memory.totalParameters} |
| Loss of the last step | ${number(summary.finalLoss)} |
${heldOut.join('\n')}

## Use

${useText(method, config.methodSettings, files)}
## Settings

| setting | value |
|---|---|
${settings.join('\n')}
`
}
