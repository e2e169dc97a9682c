// The matrix of a product in the arena, as unpack_weights wrote it. The dispatch also writes to the arena, so both are bound in
// the same way.

@group(0) @binding(2) var<storage, read_write> weights: array<Word>;
