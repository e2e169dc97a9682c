// What a model card says about loading the files of each method.
import { expect, test } from 'vitest'
import { defaults } from '../config/field'
import { defaultTraining } from '../config/run-config'
import { jsonFile } from '../peft/adapter-folder'
import { methods } from '../peft/registry'
import { modelCard } from './model-card'

const uses: Record<string, [library: string, use: RegExp]> = {
  'bottleneck-adapter': ['adapters', /adapters\.init\(model\)/],
  'lora-moe': ['tabtune', /Only TabTune loads this folder/],
  bitfit: ['transformers', /load_state_dict/],
  'top-layers': ['transformers', /load_state_dict/],
  full: ['transformers', /load_state_dict|whole model/],
}

test.each(methods.map((method) => [method.name, method] as const))('%s', (name, method) => {
  const summary = {
    config: { methodSettings: defaults(method.fields), training: defaultTraining({}) },
    model: { name: 'a model', family: 'llama', base: 'native' as const },
    data: { name: 'rows.jsonl', rows: 3, replay: { name: 'old|rows.jsonl', rows: 1, share: 0.5 } },
    memory: { trainableParameters: 1, totalParameters: 2 },
    finalLoss: 0.5,
  }
  const card = modelCard(summary, method, [jsonFile('adapter_config.json', {})], [])
  expect(card).toContain('| Rows of earlier data among them | 1 of old\\|rows.jsonl (0.5 were asked for per new row) |\n')
  expect(card).toContain(
    '| Base model | a model |\n| Licence of the base model | not said in its files |\n| Licence of the data | not said in its files |\n',
  )
  const known = {
    ...summary,
    model: { ...summary.model, fingerprint: 'ab12' },
    config: { ...summary.config, recipe: { files: [], steps: [], makers: {}, licence: 'cc0-1.0' } },
  }
  const full = modelCard(known as never, method, [], [], 'apache-2.0')
  expect(full).toContain(
    '| Base model | a model, fingerprint ab12 |\n| Licence of the base model | apache-2.0 |\n| Licence of the data | cc0-1.0 |\n',
  )
  const [library, use] = uses[name] ?? ['peft', /PeftModel\.from_pretrained/]
  expect(card).toContain(`\nlibrary_name: ${library}\n`)
  expect(card).toMatch(use)
  expect(card.includes('PeftModel')).toBe(library === 'peft')
})
