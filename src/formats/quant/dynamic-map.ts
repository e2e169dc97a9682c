// The signed dynamic map of 8 bits (8-bit optimizers, arXiv 2110.02861, section 2.2) that bitsandbytes quantises absmax with:
// 0, 1 and ±10^(i−6)·(centres of 2^i equal parts of 0.1 … 1), i = 0 … 6. How the last bit is rounded depends on the version of
// PyTorch that computes it, so the 127 positive values below 1 are written here (float32, little-endian, base64).

const positive =
  't6MTNZQaWjb/BQI3BkKyNzSANziz74o4Sx+6OAvXIzkF54w5g+LHOQFvATrB7B46gGo8Oj7oWTr/ZXc6ne+nOvyp8Totsh07XI9CO4psZzvdJIY7dJOYOw0C' +
  'qzukcL07O9/PO9NN4jtqvPQ7gZUDPM3MDDwYBBY8ZDsfPEjhOjzD9Wg8H4WLPFyPojyambk816PQPBOu5zxSuP48R+EKPWdmFj2F6yE9o3AtPcP1OD3hekQ9' +
  'AABQPR+FWz09Cmc9XY9yPXoUfj3NzIQ9XY+KPetRkD17FJY9CtebPZqZoT0oXKc9uB6tPUjhsj3Xo7g9Z2a+PfUoxD2F68k9NDPbPQAA+D1mZgo+zcwYPjMz' +
  'Jz6ZmTU+AABEPmZmUj7NzGA+NDNvPpqZfT4AAIY+NDONPmZmlD6amZs+zMyiPgAAqj4yM7E+Zma4PpqZvz7MzMY+AADOPjIz1T5mZtw+mpnjPszM6j4AAPI+' +
  'NDP5PjMzAD/NzAM/ZmYHPwAACz+amQ4/NDMSP83MFT9mZhk/AAAdP5qZID8zMyQ/zcwnP2dmKz8AAC8/mpkyPzQzNj/NzDk/Z2Y9PwAAQT+amUQ/MzNIP8zM' +
  'Sz9mZk8/AABTP5mZVj8zM1o/zMxdP2ZmYT8AAGU/mploPzMzbD/MzG8/ZmZzPwAAdz+ZmXo/MzN+Pw=='

// The unsigned map needs no sign bit. It has twice as many parts in each decade, 2^(i+1), so 254 values between 0 and 1
// (bitsandbytes functional.py, create_dynamic_map(signed=False)).
const unsigned =
  'qnuuNJgJUDU4mw429sySNlFM3jbV5RQ3bhKDN6Bx4Tdo6B84ABhPOJpHfjiZu5Y4ZFOuODHrxThLWQY5ylRBOUlQfDnkpZs5oiO5OWOh1jkiH/Q5cc4IOlCNFzowTCY6' +
  'EAs1Ou/JQzrQiFI6r0dhOo4GcDpuxX46BoGVOjVeujpkO986SgwCO+F6FDt46SY7EFg5O6fGSztANV4716NwOzeJgTuCwIo7z/eTOxovnTtmZqY7sp2vO/3UuDtKDMI7' +
  'lUPLO+F61Dsust07eOnmO8Ug8DsPWPk7rkcBPFTjBTz5fgo8oBoPPEW2EzzrURg8ku0cPDeJITwqXC88Z2ZGPKNwXTzienQ8j8KFPK9HkTzNzJw861GoPAvXszwpXL88' +
  'R+HKPGdm1jyH6+E8o3DtPMP1+DxwPQI9AAAIPY/CDT0fhRM9r0cZPT0KHz3NzCQ9XI8qPetRMD17FDY9Ctc7PZqZQT0oXEc9uB5NPUfhUj3Xo1g9Z2ZePfcoZD2H62k9' +
  'Fa5vPaNwdT0zM3s94nqAPSpcgz1xPYY9uB6JPQAAjD1I4Y49kMKRPdejlD0fhZc9Z2aaPa9HnT32KKA9PgqjPYXrpT3NzKg9Fa6rPVyPrj2kcLE961G0PTMztz17FLo9' +
  'w/W8PQvXvz1SuMI9mpnFPeJ6yD0pXMs9AADUPWZm4j3NzPA9MzP/PczMBj4AAA4+NDMVPmZmHD6amSM+zMwqPgAAMj40Mzk+ZmZAPpqZRz7MzE4+AABWPjQzXT5mZmQ+' +
  'mplrPszMcj4AAHo+mZmAPjMzhD7NzIc+ZmaLPgAAjz6amZI+MzOWPszMmT5mZp0+AAChPpqZpD4zM6g+zMyrPmZmrz4AALM+mpm2PjMzuj7MzL0+ZmbBPgAAxT6amcg+' +
  'MzPMPszMzz5mZtM+AADXPpqZ2j4zM94+zMzhPmZm5T4AAOk+mpnsPjMz8D7MzPM+Zmb3PgAA+z6Zmf4+mhkBP2bmAj8zswQ/AIAGP8xMCD+aGQo/ZuYLPzSzDT8AgA8/' +
  'zUwRP5oZEz9m5hQ/NLMWPwCAGD/NTBo/mhkcP2bmHT80sx8/AIAhP81MIz+aGSU/ZuYmPzSzKD8AgCo/zUwsP5oZLj9m5i8/NLMxPwCAMz/NTDU/mhk3P2bmOD80szo/' +
  'AIA8P81MPj+aGUA/ZuZBPzSzQz8AgEU/zExHP5oZST9m5ko/NLNMPwCATj/MTFA/mhlSP2bmUz80s1U/AIBXP8xMWT+aGVs/ZuZcPzSzXj8AgGA/zExiP5oZZD9m5mU/' +
  'NLNnPwCAaT/MTGs/mhltP2bmbj80s3A/AIByP8xMdD+aGXY/ZuZ3PzSzeT8AgHs/zEx9P5oZfz8='

function decoded(text: string): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer)
}

function signedMap(): Float32Array<ArrayBuffer> {
  const values = decoded(positive)
  const map = new Float32Array(256)
  for (let i = 0; i < 127; i++) {
    map[128 + i] = values[i]!
    map[126 - i] = -values[i]!
  }
  map[255] = 1
  return map
}

/** The 256 values, ascending. */
export const dynamicMap: Float32Array<ArrayBuffer> = signedMap()

/** The values of the unsigned map, from 0 to 1. */
export const unsignedDynamicMap: Float32Array<ArrayBuffer> = Float32Array.of(0, ...decoded(unsigned), 1)
