// The scripts and configurations as text.
const scripts = import.meta.glob('./python/*.py', { query: '?raw', import: 'default', eager: true }) as Record<string, string>
const configs = import.meta.glob('./configs/*.yaml', { query: '?raw', import: 'default', eager: true }) as Record<string, string>

export const scriptNamed = (name: string): string => scripts[`./python/${name}`]
export const configNamed = (name: string): string => configs[`./configs/${name}`]

/** The versions that the scripts were tried with. */
const versions = {
  torch: '2.13.0',
  transformers: '5.18.0',
  peft: '0.21.0',
  accelerate: '1.15.0',
  safetensors: '0.8.0',
  ray: '2.58.0',
}

/** A requirements.txt of packages by their names in `versions`; `extra` are more lines. */
export const requirements = (names: readonly (keyof typeof versions)[], extra: readonly string[] = []): string =>
  [...names.map((name) => `${name === 'ray' ? 'ray[train]' : name}==${versions[name]}`), ...extra].map((line) => `${line}\n`).join('')
