// The README of an adapter: what it is, what it came from, how it was measured, how to load it.
import type { RunSummary } from '../config/run-reports'
import type { Method } from '../peft/method'

const number = (value: number | undefined) => (value === undefined || !Number.isFinite(value) ? 'not measured' : value.toPrecision(4))

function useText(method: Method): string {
  if (method.wholeModel) return 'This folder is a whole model. In Python: `AutoModelForCausalLM.from_pretrained("path/to/this/folder")`\n'
  if (method.baseTensors)
    return 'The file holds the changed tensors under the base model\'s own names. In Python:\n\n```python\nfrom safetensors.torch import load_file\nfrom transformers import AutoModelForCausalLM\n\nmodel = AutoModelForCausalLM.from_pretrained("path/to/the/base/model")\nmodel.load_state_dict(load_file("path/to/this/folder/adapter_model.safetensors"), strict=False)\n```\n'
  const peft =
    'In Python, with PEFT:\n\n```python\nfrom transformers import AutoModelForCausalLM\nfrom peft import PeftModel\n\nbase = AutoModelForCausalLM.from_pretrained("path/to/the/base/model")\nmodel = PeftModel.from_pretrained(base, "path/to/this/folder")\n```\n'
  return method.gguf ? `${peft}\nIn llama.cpp, with the base in GGUF form: \`llama-cli -m base.gguf --lora adapter.gguf\`\n` : peft
}

/** A model card in Markdown. */
export function modelCard(summary: RunSummary, method: Method): string {
  const { config, memory } = summary
  const settings = Object.entries({ ...config.methodSettings, ...config.training }).map(
    ([key, value]) => `| ${key} | ${String(value).replaceAll('|', '\\|')} |`,
  )
  return `---
library_name: ${method.baseTensors ? 'transformers' : 'peft'}
base_model: ${JSON.stringify(summary.model.name)}
tags: [${method.name}, tabtune]
---

# ${method.label} adapter for ${summary.model.name}

${method.summary} (${method.paper}). Trained with TabTune on the owner's device; the base was held as ${summary.model.base}.

| | |
|---|---|
| Data | ${summary.data.name}, ${summary.data.rows} training rows |
| Trainable parameters | ${memory.trainableParameters} of ${memory.totalParameters} |
| Loss of the last step | ${number(summary.finalLoss)} |
| Held-out loss before, after | ${number(summary.firstEval?.evalLoss)}, ${number(summary.finalEval?.evalLoss)} |
| Held-out perplexity before, after | ${number(summary.firstEval?.evalPerplexity)}, ${number(summary.finalEval?.evalPerplexity)} |

## Use

${useText(method)}
## Settings

| setting | value |
|---|---|
${settings.join('\n')}
`
}
