// The matrix of a product where it lies in the arena, as unpack_weights leaves it: what is written in the same dispatch must be
// bound in the same way.

@group(0) @binding(2) var<storage, read_write> weights: array<Word>;
