// The signed dynamic map of 8 bits (8-bit optimizers, arXiv 2110.02861, section 2.2) that bitsandbytes quantises absmax with:
// 0, 1 and ±10^(i−6)·(centres of 2^i equal parts of 0.1 … 1), i = 0 … 6. Which way the last bit is rounded depends on the version
// of PyTorch that made it, so the 127 positive values below 1 stand here as they are (float32, little-endian, base64).

const positive =
  't6MTNZQaWjb/BQI3BkKyNzSANziz74o4Sx+6OAvXIzkF54w5g+LHOQFvATrB7B46gGo8Oj7oWTr/ZXc6ne+nOvyp8Totsh07XI9CO4psZzvdJIY7dJOYOw0C' +
  'qzukcL07O9/PO9NN4jtqvPQ7gZUDPM3MDDwYBBY8ZDsfPEjhOjzD9Wg8H4WLPFyPojyambk816PQPBOu5zxSuP48R+EKPWdmFj2F6yE9o3AtPcP1OD3hekQ9' +
  'AABQPR+FWz09Cmc9XY9yPXoUfj3NzIQ9XY+KPetRkD17FJY9CtebPZqZoT0oXKc9uB6tPUjhsj3Xo7g9Z2a+PfUoxD2F68k9NDPbPQAA+D1mZgo+zcwYPjMz' +
  'Jz6ZmTU+AABEPmZmUj7NzGA+NDNvPpqZfT4AAIY+NDONPmZmlD6amZs+zMyiPgAAqj4yM7E+Zma4PpqZvz7MzMY+AADOPjIz1T5mZtw+mpnjPszM6j4AAPI+' +
  'NDP5PjMzAD/NzAM/ZmYHPwAACz+amQ4/NDMSP83MFT9mZhk/AAAdP5qZID8zMyQ/zcwnP2dmKz8AAC8/mpkyPzQzNj/NzDk/Z2Y9PwAAQT+amUQ/MzNIP8zM' +
  'Sz9mZk8/AABTP5mZVj8zM1o/zMxdP2ZmYT8AAGU/mploPzMzbD/MzG8/ZmZzPwAAdz+ZmXo/MzN+Pw=='

function decode(): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(positive), (character) => character.charCodeAt(0))
  const values = new Float32Array(bytes.buffer)
  const map = new Float32Array(256)
  for (let i = 0; i < 127; i++) {
    map[128 + i] = values[i]!
    map[126 - i] = -values[i]!
  }
  map[255] = 1
  return map
}

/** The 256 values, ascending. */
export const dynamicMap: Float32Array<ArrayBuffer> = decode()
