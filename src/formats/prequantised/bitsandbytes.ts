// Reads folders that were saved after bitsandbytes quantised them. To NF4 or FP4 (its functional.py, QuantState.as_dict): each matrix is
// `X.weight` (packed), `X.weight.absmax`, `X.weight.quant_map`, `X.weight.quant_state.bitsandbytes__nf4` (or fp4) and, if it is
// double-quantised, `X.weight.nested_absmax` and `X.weight.nested_quant_map`. To 8 bits (LLM.int8): `X.weight` (signed bytes) and `X.SCB`,
// the largest size in each row; w = code·SCB / 127.
import { FormatError, UnsupportedError } from '../../config/errors'
import { say } from '../../config/phrase'
import type { TensorEntry } from '../model-file'
import { packNf4, packNf4Dq } from '../quant/bitsandbytes'
import { fp4Book } from '../quant/fp4-code'
import { dequantiseAbsmax } from '../quant/nf4-dq'
import { nf4Book } from '../quant/nf4-code'
import type { StoredTensor } from '../safetensors'
import { groupedEntry } from './grouped-matrix'
import { type Json, type Stored, bytesOf, floatsOf, need, stemsOf, takeOut } from './stored'

const books = { nf4: nf4Book, fp4: fp4Book }
type Kind = keyof typeof books
const stateEnding = (kind: Kind) => `.quant_state.bitsandbytes__${kind}`
const partEndings = (kind: Kind) => ['', '.absmax', '.quant_map', '.nested_absmax', '.nested_quant_map', stateEnding(kind)]

const read = ({ source, offset, sizeBytes }: StoredTensor) => source.read(offset, sizeBytes)
const floats = async (tensor: StoredTensor) => new Float32Array(new Uint8Array(await read(tensor)).buffer)

interface State {
  rows: number
  cols: number
  /** Mean of absmax, if it is double-quantised. */
  offset?: number
}

async function stateOf(name: string, tensor: StoredTensor): Promise<State> {
  let state: Json = {}
  try {
    if (tensor.sizeBytes < 1 << 16) state = JSON.parse(new TextDecoder().decode(await read(tensor))) as Json
  } catch (error) {
    if (error instanceof FormatError) throw error
  }
  const { shape, blocksize, nested_blocksize: nestedBlock, nested_offset: offset } = state
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) > 0
  if (!Array.isArray(shape) || shape.length !== 2 || !shape.every(isCount) || (offset !== undefined && !Number.isFinite(offset))) {
    throw new FormatError(
      say`${name}: expected bitsandbytes' quantisation state with a shape of two numbers, got something else. Download the file again.`,
    )
  }
  if (blocksize !== 64 || (nestedBlock ?? 256) !== 256) {
    throw new UnsupportedError(
      say`${name}: expected blocks of 64 and nested blocks of 256, got ${String(blocksize)} and ${String(nestedBlock)}. Use the model without quantisation; TabTune makes NF4 itself.`,
    )
  }
  return { rows: shape[0] as number, cols: shape[1] as number, offset: offset as number | undefined }
}

function checkBytes(name: string, tensor: StoredTensor | undefined, sizeBytes: number): StoredTensor {
  if (tensor?.sizeBytes === sizeBytes) return tensor
  throw new FormatError(
    say`${name}: expected ${sizeBytes} bytes, got ${tensor ? tensor.sizeBytes : say`no such tensor`}. Download the file again.`,
  )
}

async function entryOf(kind: Kind, name: string, stored: ReadonlyMap<string, StoredTensor>): Promise<TensorEntry> {
  const book = books[kind]
  const { rows, cols, offset } = await stateOf(name, stored.get(name + stateEnding(kind))!)
  const count = rows * cols
  const blocks = Math.ceil(count / 64)
  const double = offset !== undefined
  const part = (ending: string, sizeBytes: number) => checkBytes(name + ending, stored.get(name + ending), sizeBytes)
  const packed = part('', Math.ceil(count / 2))
  const absmax = part('.absmax', double ? blocks : blocks * 4)
  const values = await floats(part('.quant_map', 64))
  if (values.some((value, i) => value !== book.values[i])) {
    throw new UnsupportedError(
      say`${name}.quant_map: expected the sixteen values of ${kind.toUpperCase()}, got others. Use the model without quantisation; TabTune makes NF4 itself.`,
    )
  }
  const nested = double ? part('.nested_absmax', Math.ceil(blocks / 256) * 4) : undefined
  const map = double ? part('.nested_quant_map', 1024) : undefined
  return {
    name,
    shape: [rows, cols],
    format: double && kind === 'nf4' ? 'nf4-dq' : kind,
    sizeBytes: [packed, absmax, nested, map].reduce((sum, tensor) => sum + (tensor?.sizeBytes ?? 0), 0),
    async readRows(rowStart, rowCount) {
      if (rowStart !== 0 || rowCount !== rows)
        throw new FormatError(
          say`${name}: expected all ${rows} rows at once, got ${rowCount} from row ${rowStart}. This is a mistake in TabTune.`,
        )
      if (!double) return packNf4(count, await read(packed), await floats(absmax), book.zero)
      if (kind === 'fp4') {
        // Its absmax are decoded, so that no reader of their own is needed.
        const [codes, scales, values] = [await read(absmax), await floats(nested!), await floats(map!)]
        return packNf4(count, await read(packed), dequantiseAbsmax(codes, scales, values, offset, blocks), book.zero)
      }
      return packNf4Dq(count, {
        packed: await read(packed),
        absmax: await read(absmax),
        nested: await floats(nested!),
        map: await floats(map!),
        offset,
      })
    },
  }
}

/** A matrix of LLM.int8. bitsandbytes multiplies code and SCB, then by 1 / 127 in float32 (int8_vectorwise_dequant). */
function eightBits(stored: Stored, stem: string): TensorEntry {
  const weight = need(stored, `${stem}.weight`, ['I8'], [undefined, undefined])
  const [rows, cols] = weight.shape as [number, number]
  const largest = need(stored, `${stem}.SCB`, ['F32'], [rows])
  return groupedEntry({
    name: `${stem}.weight`,
    rows,
    cols,
    bits: 8,
    group: cols,
    sizeBytes: takeOut(stored, stem, ['.weight', '.SCB', '.weight_format']),
    async read(rowStart, rowCount) {
      const codes = (await bytesOf(weight, rowStart * cols, rowCount * cols)).map((q) => q ^ 128)
      const scales = (await floatsOf(largest, rowStart, rowCount)).map((v) => v * (1 / 127))
      return { codes, scales, offsets: scales.map((s) => -128 * s) }
    },
  })
}

/** Entries for the matrices that bitsandbytes quantised. Removes their tensors from `stored`. @throws FormatError, UnsupportedError */
export async function bitsAndBytesTensors(stored: Stored): Promise<TensorEntry[]> {
  const entries: TensorEntry[] = []
  for (const kind of ['nf4', 'fp4'] as const)
    for (const name of stemsOf(stored, stateEnding(kind))) {
      entries.push(await entryOf(kind, name, stored))
      takeOut(stored, name, partEndings(kind))
    }
  for (const stem of stemsOf(stored, '.SCB')) entries.push(eightBits(stored, stem))
  return entries
}
