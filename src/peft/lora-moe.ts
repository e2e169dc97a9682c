// LoRA-MoE: several LoRA experts beside a layer. For each token a trained router chooses the best k of them and mixes their outputs:
//   y = W x + (alpha / r) · Σ_{e in top k} w_e B_e A_e x,  p = softmax(R x),  w_e = p_e / Σ_{top k} p
// as in LoRAMoE (Dou 2023, arXiv 2312.09979) and MixLoRA (Li 2024, arXiv 2404.15159), with the load-balancing loss of the
// Switch Transformer (Fedus 2021, arXiv 2101.03961, eq. 4). Its files have a format of our own: docs/formats.md.
import { mostExperts } from '../config/expert-shares'
import type { Field, SettingsOf } from '../config/field'
import { say } from '../config/phrase'
import type { Hooks } from '../models/hooks'
import type { LossInputs } from '../ops/cross-entropy'
import { matmul } from '../ops/matmul'
import { type Balance, expertGates, routedSlot, routerGates } from '../ops/router'
import { trainableWeight } from '../ops/weight'
import { type Tensor, slotTensor } from '../tensor/tensor'
import { type Config, atLeastZero, commonKeys, count, flag, names, only, positive, required, text } from './config-keys'
import { type Fresh, declare } from './initial'
import { type Base, type SetUp, defineMethod } from './method'
import { matches } from './module-match'
import { randomSource, uniform } from './random'
import { listed, targetSites } from './targets'

const fields = [
  {
    key: 'experts',
    type: 'number',
    label: 'Experts',
    help: 'How many low-rank updates the router chooses from.',
    default: 4,
    min: 2,
    max: mostExperts,
    integer: true,
  },
  {
    key: 'topK',
    type: 'number',
    label: 'Experts per token',
    help: 'How many experts each token uses. A number larger than the number of experts means all of them.',
    default: 2,
    min: 1,
    max: 64,
    integer: true,
  },
  { key: 'r', type: 'number', label: 'Rank', help: 'Width of each expert’s update.', default: 4, min: 1, max: 512, integer: true },
  { key: 'alpha', type: 'number', label: 'Alpha', help: 'The update is scaled by alpha / rank.', default: 8, min: 0.001, max: 4096 },
  {
    key: 'router',
    type: 'choice',
    label: 'Router',
    help: 'Whether the layers of a block share a router, or each layer has its own.',
    default: 'block',
    options: [
      { value: 'block', label: 'One per block, reads the block’s input' },
      { value: 'projection', label: 'One per layer, reads the layer’s input' },
    ],
  },
  {
    key: 'balance',
    type: 'number',
    label: 'Load balancing',
    help: 'Weight of an extra loss that keeps all experts in use. It is added to the training loss, but not to the held-out loss.',
    default: 0.01,
    min: 0,
    max: 10,
  },
  {
    key: 'targetModules',
    type: 'text',
    label: 'Target modules',
    help: 'The layers that get experts: feed-forward, all-linear, or module names separated by commas.',
    default: 'feed-forward',
    maxLength: 100_000,
    advanced: true,
  },
] as const satisfies readonly Field[]
type MoeSettings = SettingsOf<typeof fields>

interface MoeSite {
  site: string
  out: number
  in: number
  /** Key of the router that mixes this layer's experts. */
  router: string
}

interface Router {
  key: string
  /** The layer whose input the router reads. */
  entry: string
  in: number
}

const parent = (site: string) => site.split('.').slice(0, -1).join('.')
const routerKey = (module: string) => `base_model.model.${module}.lora_router.weight`
const expertKey = (site: string, half: 'A' | 'B', expert: number) => `base_model.model.${site}.lora_${half}.${expert}.weight`

/** The layers of feed-forwards. A block with experts of its own has none. */
const feedForwardIn = ({ family, sites }: Pick<Base, 'family' | 'sites'>) =>
  family.feedForward.filter((module) => [...sites.keys()].some((site) => matches(site, module)))

function targeted(base: Base, { targetModules }: MoeSettings): string[] {
  if (targetModules !== 'feed-forward') return targetSites(base, targetModules)
  const modules = feedForwardIn(base)
  return modules.length ? targetSites(base, modules.join(' ')) : []
}

/** The adapted layers and their routers: one per layer, or one per block that reads the block's input. */
function layout(base: Base, settings: MoeSettings): { sites: MoeSite[]; routers: Router[] } {
  const shared = settings.router === 'block'
  const sites = targeted(base, settings).map((site): MoeSite => {
    const [out, inputs] = base.sites.get(site)!
    return { site, out, in: inputs, router: routerKey(shared ? parent(site) : site) }
  })
  const routers = new Map<string, Router>()
  for (const { site, router } of sites) {
    const entry = shared ? [...base.sites.keys()].find((other) => parent(other) === parent(site))! : site
    routers.set(router, { key: router, entry, in: base.sites.get(entry)![1] })
  }
  return { sites, routers: [...routers.values()] }
}

/** A and R start as torch's Linear does: U(−1/√in, 1/√in). B starts at zero, so at first nothing is changed. */
function specs(sites: readonly MoeSite[], routers: readonly Router[], settings: MoeSettings, seed: number): Fresh[] {
  const [experts, rank] = [settings.experts, settings.r]
  const linear = (name: string, rows: number, inputs: number): Fresh => ({
    name,
    shape: [rows, inputs],
    decay: true,
    fresh: () => uniform(randomSource(seed, name), rows * inputs, -1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs)),
  })
  const zero = (name: string, rows: number, columns: number): Fresh => ({
    name,
    shape: [rows, columns],
    decay: true,
    fresh: () => new Float32Array(rows * columns),
  })
  return [
    ...sites.flatMap((s) =>
      Array.from({ length: experts }, (_, e) => [
        linear(expertKey(s.site, 'A', e), rank, s.in),
        zero(expertKey(s.site, 'B', e), s.out, rank),
      ]).flat(),
    ),
    ...routers.map(({ key, in: inputs }) => linear(key, experts, inputs)),
  ]
}

async function setUp(context: SetUp<MoeSettings>): Promise<Hooks> {
  const { base, settings, seed } = context
  const { sites, routers } = layout(base, settings)
  const tensors = declare(context, specs(sites, routers, settings, seed))
  const experts = Array.from({ length: settings.experts }, (_, e) => e)
  const scale = settings.alpha / settings.r
  const bySite = new Map(sites.map((s) => [s.site, s]))
  const byEntry = new Map(routers.map((router) => [router.entry, router]))
  /** Inputs of the loss in the pass that is being recorded. They are known before its backward pass begins. */
  let losses: LossInputs | undefined
  /** Gates of the forward pass that is being recorded, by router. A checkpointed block replaces its gates when it is recorded again. */
  const gates = new Map<string, Tensor>()

  const balance: Balance | undefined =
    settings.balance > 0 ? { weight: settings.balance / routers.length, inputs: () => losses! } : undefined
  const routed = routedSlot(experts.length)
  return {
    routed,
    linear(r, site, x, y) {
      const router = byEntry.get(site.name)
      if (router)
        gates.set(
          router.key,
          routerGates(
            r,
            matmul(r, x, trainableWeight(tensors.get(router.key)!), { label: router.key }),
            Math.min(settings.topK, experts.length),
            balance,
            { counts: slotTensor(routed, [experts.length]), inputs: () => losses! },
          ),
        )
      const moe = bySite.get(site.name)
      if (!moe) return y
      const weight = (half: 'A' | 'B', e: number) => trainableWeight(tensors.get(expertKey(site.name, half, e))!)
      const down = experts.map((e) => matmul(r, x, weight('A', e), { label: `${site.name} A${e} x` }))
      return expertGates(r, down, gates.get(moe.router)!).reduce(
        (sum, gated, e) => matmul(r, gated, weight('B', e), { scale, into: sum }),
        y,
      )
    },
    extraLoss: (_, inputs) => void (losses = inputs),
  }
}

function toConfig(settings: MoeSettings, base: Base): Record<string, unknown> {
  return {
    peft_type: 'LORA_MOE',
    own_format: true,
    base_model_name_or_path: base.name,
    r: settings.r,
    lora_alpha: settings.alpha,
    num_experts: settings.experts,
    top_k: settings.topK,
    renormalize: true,
    router_scope: settings.router,
    router_aux_loss_coef: settings.balance,
    target_modules: settings.targetModules === 'feed-forward' ? feedForwardIn(base) : listed(settings.targetModules),
  }
}

function fromConfig(config: Config): MoeSettings {
  return {
    experts: Number(config.num_experts),
    topK: Number(config.top_k),
    r: Number(config.r),
    alpha: Number(config.lora_alpha),
    router: config.router_scope === 'projection' ? 'projection' : 'block',
    balance: Number(config.router_aux_loss_coef ?? 0),
    targetModules: (config.target_modules as string[]).join(', '),
  }
}

export const loraMoe = defineMethod({
  name: 'lora-moe',
  label: 'LoRA-MoE',
  summary:
    'Trains several LoRA experts beside each layer and a router that chooses the best few for each token. Choose it for mixed data; only TabTune reads its files.',
  paper: 'Dou et al. 2023, arXiv 2312.09979; Fedus et al. 2021, arXiv 2101.03961',
  fields,
  unavailable: (base) =>
    feedForwardIn(base).length
      ? undefined
      : say`${base.name}: expected a model with feed-forward layers for LoRA-MoE, got one whose layers have experts of their own. Choose another method, such as LoRA.`,
  training: { learningRate: 1e-3 },
  bases: [],
  peftType: 'LORA_MOE',
  library: 'tabtune',
  setUp,
  toConfig,
  configKeys: {
    ...commonKeys('LORA_MOE'),
    own_format: flag,
    r: required(count),
    lora_alpha: required(positive),
    num_experts: required(count),
    top_k: required(count),
    renormalize: only(flag, true),
    router_scope: required(only(text, 'block', 'projection')),
    router_aux_loss_coef: atLeastZero,
    target_modules: required(names),
  },
  fromConfig,
})
