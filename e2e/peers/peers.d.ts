// The peers are only there where `npm run bench:peers` has installed them; their types are not wanted.
declare module '@jax-js/jax'
declare module '@tensorflow/tfjs-core'
declare module '@tensorflow/tfjs-core/dist/register_all_gradients'
declare module '@tensorflow/tfjs-backend-webgpu'
