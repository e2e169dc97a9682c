// Records dispatches over named tensors, and the tape that the backward pass is derived from. It knows no op by name.
import { checkBindings } from '../gpu/bindings'
import type { Kernel } from '../gpu/kernel'
import { type Params, checkParams } from '../gpu/params'
import type { Profile } from '../gpu/profile'
import type { Role } from './role'
import { type Tensor, count } from './tensor'

/** A launch as an op requests it. */
interface Dispatch {
  kernel: Kernel
  /** Bindings 1, 2, … of group 0; binding 0 is the uniform of parameters. */
  tensors: readonly Tensor[]
  /** By the names of `struct Params` in the shader. */
  params: Params
  workgroups: readonly [number, number, number]
  /** Roughly multiply-adds × 2, by which the list is divided into submissions; absent for kernels that only move bytes. */
  flops?: number
  /** Bytes that it reads and writes, for benchmarks; absent if it needs every tensor once and as a whole. */
  bytes?: number
  /** What the launch does to its tensors; absent if no pass over the list needs to know. */
  role?: Role
}

export interface Launch extends Dispatch {
  flops: number
  /** Left out when the batch has at most this many supervised rows. */
  beyondSupervised?: number
}

/** Launches that the tape itself needs. ops/add provides them. */
export interface TapeKernels {
  add: (into: Tensor, what: Tensor) => void
  copy: (from: Tensor) => Tensor
}

interface Node {
  outputs: readonly Tensor[]
  backward: () => void
}

export class Recorder {
  private readonly recorded: Launch[] = []
  /** Set while a checkpointed segment runs forward: nothing is kept for the backward pass. */
  private silent = false
  private nodes: Node[] = []
  private readonly gradients = new Map<Tensor, Tensor>()
  /** How many tensors have a given tensor as their gradient. */
  private readonly holders = new Map<Tensor, number>()
  private supervisedBound: number | undefined

  private readonly kernels: TapeKernels

  constructor(
    readonly profile: Profile,
    kernels: (r: Recorder) => TapeKernels,
    /** Whether the pass trains. Dropout acts only then, not when a loss is measured or text is generated. */
    readonly training = false,
  ) {
    this.kernels = kernels(this)
  }

  /** Everything recorded so far, in order. */
  get launches(): readonly Launch[] {
    return this.recorded
  }

  /** A new tensor in the arena. */
  empty(label: string, shape: readonly number[], requiresGrad = false): Tensor {
    return {
      label,
      shape,
      dtype: 'f32',
      requiresGrad,
      space: { kind: 'arena', sizeBytes: count(shape) * 4, chunk: 0, offset: -1 },
      offset: 0,
    }
  }

  /** The same numbers with another shape, or at another place on the tape (results in place). */
  view(of: Tensor, shape: readonly number[] = of.shape, label = of.label): Tensor {
    return { label, shape, dtype: of.dtype, requiresGrad: of.requiresGrad, space: of.space, offset: of.offset }
  }

  /** Appends a dispatch to the list. @throws Error if its parameters or tensors are not those that its shader declares */
  launch({ kernel, tensors, params, workgroups, flops = 0, bytes, role }: Dispatch): void {
    checkParams(kernel, params)
    checkBindings(kernel, tensors)
    this.recorded.push({ kernel, tensors, params, workgroups, flops, bytes, beyondSupervised: this.supervisedBound, role })
  }

  /** Keeps the launches made in `fn` only if it returns true. `fn` must put nothing on the tape unless it does. */
  tentatively(fn: () => boolean): void {
    const before = this.recorded.length
    if (!fn()) this.recorded.length = before
  }

  /** Launches made in `fn` are skipped on batches with at most `rows` supervised positions. */
  beyondSupervised(rows: number, fn: () => void): void {
    const before = this.supervisedBound
    this.supervisedBound = rows
    fn()
    this.supervisedBound = before
  }

  /** Puts an op on the tape if a gradient flows to any input; `backward` reads `grad(output)` and adds to its inputs'. */
  record(outputs: readonly Tensor[], inputs: readonly Tensor[], backward: () => void): void {
    const needed = inputs.some((t) => t.requiresGrad)
    for (const t of outputs) t.requiresGrad = needed
    if (needed && !this.silent) this.nodes.push({ outputs, backward })
  }

  /** The gradient of a tensor so far. */
  grad(t: Tensor): Tensor {
    const g = this.gradients.get(t)
    if (!g) throw new Error(`tape: expected a gradient for ${t.label}, got none.`)
    return g
  }

  hasGrad(t: Tensor): boolean {
    return this.gradients.has(t)
  }

  /**
   * The tensor to which a kernel writes ∂loss/∂t. If `accumulate`, the kernel adds to its values.
   * A gradient shared with another tensor is copied first, so that adding cannot reach the other.
   */
  gradTarget(t: Tensor): { tensor: Tensor; accumulate: boolean } {
    if (t.grad) return { tensor: t.grad, accumulate: true }
    const present = this.gradients.get(t)
    if (!present) {
      const fresh = this.empty(`d ${t.label}`, t.shape)
      this.hold(t, fresh)
      return { tensor: fresh, accumulate: false }
    }
    return { tensor: this.own(t, present), accumulate: true }
  }

  /** The gradient of `t` in a tensor that may be changed in place. */
  ownGrad(t: Tensor): Tensor {
    return this.own(t, this.grad(t))
  }

  /** Adds `g` to ∂loss/∂t. Nothing is copied if there is no gradient yet. */
  passGrad(t: Tensor, g: Tensor): void {
    if (!t.requiresGrad) return
    if (t.grad) this.kernels.add(t.grad, g)
    else if (!this.gradients.has(t)) this.hold(t, g)
    else this.kernels.add(this.own(t, this.grad(t)), g)
  }

  private own(t: Tensor, g: Tensor): Tensor {
    if ((this.holders.get(g) ?? 0) <= 1) return g
    const mine = this.kernels.copy(g)
    this.drop(t)
    this.hold(t, mine)
    return mine
  }

  private hold(t: Tensor, g: Tensor): void {
    this.gradients.set(t, g)
    this.holders.set(g, (this.holders.get(g) ?? 0) + 1)
  }

  private drop(t: Tensor): void {
    const g = this.gradients.get(t)
    if (!g) return
    this.gradients.delete(t)
    this.holders.set(g, (this.holders.get(g) ?? 1) - 1)
  }

  /** Walks the tape backwards from tensors whose gradients are set. */
  backward(): void {
    const nodes = this.nodes
    this.nodes = []
    for (const node of nodes.reverse()) {
      if (!node.outputs.some((t) => this.gradients.has(t))) continue
      node.backward()
      for (const t of node.outputs) this.drop(t)
    }
  }

  /** Records `fn` on a separate tape and walks it at once, for gradients that are computed in the forward pass. */
  atOnce(fn: () => void): void {
    const outer = this.nodes
    this.nodes = []
    fn()
    this.backward()
    this.nodes = outer
  }

  /**
   * A segment whose inner tensors are dropped after the forward pass and computed again in the backward pass. Segments within it
   * are dropped once more while it is computed again. `fn` must be a pure function of `inputs` and of parameters, and must not
   * change its inputs in place.
   */
  checkpoint(inputs: readonly Tensor[], fn: () => Tensor): Tensor {
    if (this.silent) return fn()
    this.silent = true
    const out = fn()
    this.silent = false
    if (!out.requiresGrad) return out
    this.record([out], [out, ...inputs], () => {
      const outer = this.nodes
      this.nodes = []
      const again = fn()
      this.hold(again, this.grad(out))
      this.backward()
      this.nodes = outer
    })
    return out
  }
}
