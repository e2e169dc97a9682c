// The router of a mixture of experts: gates for the top-k experts of each token, and the loss that balances their load.
import type { Recorder } from '../tensor/recorder'
import type { Slot, Tensor } from '../tensor/tensor'
import type { LossInputs } from './cross-entropy'
import { rowGroups, rowParts, threads } from './grid'
import { stepMetricsPart } from './step-metrics'

export interface Balance {
  /** Factor of this router's loss. */
  weight: number
  /** The inputs of the loss that this loss is added to. They are known once the forward pass is recorded. */
  inputs(): LossInputs
}

/** Where the choices of each expert are counted. */
interface RoutedTokens {
  /** f32 [E], to which they are added. */
  counts: Tensor
  /** Known once the forward pass is recorded. */
  inputs(): Pick<LossInputs, 'targets'>
}

export function routedSlot(experts: number): Slot {
  return { label: 'routed tokens', purpose: 'inputs', sizeBytes: experts * 4 }
}

/** routed.counts[e] += the tokens that chose expert e by their gates [M, E]. */
function countChoices(r: Recorder, gates: Tensor, { counts, inputs }: RoutedTokens): void {
  const [rows, experts] = gates.shape
  r.launch({
    kernel: { file: 'router_count', parts: [rowParts(r.profile)], constants: { EXPERTS: experts } },
    tensors: [inputs().targets, gates, counts],
    params: { rows },
    workgroups: rowGroups(r.profile, experts),
    flops: rows * experts,
  })
}

/** balance.weight · E · Σ_e f_e · P_e on the step's loss, and its gradient on dz; f counts as a constant (Fedus 2021, arXiv 2101.03961, eq. 4). */
function addBalance(r: Recorder, z: Tensor, dz: Tensor, constants: { EXPERTS: number; TOP_K: number }, balance: Balance): void {
  const [rows, experts] = z.shape
  const { state, targets, metrics } = balance.inputs()
  const load = r.empty('expert load', [experts, 3])
  const { EXPERTS } = constants
  r.launch({
    kernel: { file: 'router_load', parts: ['common/router', rowParts(r.profile)], constants },
    tensors: [targets, z, load],
    params: { rows },
    workgroups: rowGroups(r.profile, experts),
    flops: rows * experts * experts * 4,
  })
  r.launch({
    kernel: { file: 'router_balance', parts: ['common/step_state', stepMetricsPart], constants: { EXPERTS } },
    tensors: [state, load, metrics],
    params: { weight: balance.weight },
    workgroups: [1, 1, 1],
  })
  r.launch({
    kernel: { file: 'router_balance_backward', parts: ['common/index', 'common/step_state'], constants: { EXPERTS } },
    tensors: [state, targets, z, load, dz],
    params: { rows, weight: balance.weight },
    workgroups: threads(rows),
    flops: rows * experts * 8,
  })
}

/**
 * Gates [M, E] from router logits z [M, E]: softmax over the `topK` largest, 0 elsewhere (Shazeer 2017, arXiv 1701.06538, eq. 3).
 * The balancing loss is added, and choices are counted, in the backward pass, which runs once, however often a checkpointed forward pass is repeated.
 */
export function routerGates(r: Recorder, z: Tensor, topK: number, balance?: Balance, routed?: RoutedTokens): Tensor {
  const [rows, experts] = z.shape
  const constants = { EXPERTS: experts, TOP_K: topK }
  const gates = r.empty('gates', z.shape)
  r.launch({
    kernel: { file: 'router_gates', parts: ['common/index', 'common/router'], constants },
    tensors: [z, gates],
    params: { rows },
    workgroups: threads(rows),
    flops: rows * experts * experts,
  })
  r.record([gates], [z], () => {
    const dz = r.gradTarget(z)
    r.launch({
      kernel: { file: 'router_backward', parts: ['common/index'], constants: { EXPERTS: experts } },
      tensors: [gates, r.grad(gates), dz.tensor],
      params: { rows, accumulate: dz.accumulate },
      workgroups: threads(rows),
      flops: rows * experts * 4,
    })
    if (balance) addBalance(r, z, dz.tensor, constants, balance)
    if (routed) countChoices(r, gates, routed)
  })
  return gates
}

/** a[e] [M, R] · gates [M, E] at e, for every expert e, as new tensors. */
export function expertGates(r: Recorder, a: readonly Tensor[], gates: Tensor): Tensor[] {
  const [rows, experts] = gates.shape
  const parts = ['common/index']
  const gated = (from: Tensor, to: Tensor, e: number, accumulate: boolean) => {
    const [, rank] = from.shape
    r.launch({
      kernel: { file: 'expert_gate', parts },
      tensors: [from, gates, to],
      params: { count: rows * rank, rank, expert: e, experts, accumulate },
      workgroups: threads(rows * rank),
      flops: rows * rank,
    })
  }
  const ys = a.map((from, e) => {
    const y = r.empty(`expert ${e}`, from.shape)
    gated(from, y, e, false)
    return y
  })
  r.record(ys, [...a, gates], () => {
    const dgates = gates.requiresGrad ? r.gradTarget(gates) : undefined
    ys.forEach((y, e) => {
      const dy = r.grad(y)
      const [, rank] = y.shape
      if (dgates)
        r.launch({
          kernel: { file: 'expert_gate_gates', parts },
          tensors: [dy, a[e], dgates.tensor],
          params: { rows, rank, expert: e, experts, accumulate: dgates.accumulate },
          workgroups: threads(rows),
          flops: rows * rank * 2,
        })
      if (!a[e].requiresGrad) return
      const da = r.gradTarget(a[e])
      gated(dy, da.tensor, e, da.accumulate)
    })
  })
  return ys
}
