// The peers are installed only by `npm run bench:peers`, so they have no types here.
declare module '@jax-js/jax'
declare module '@tensorflow/tfjs-core'
declare module '@tensorflow/tfjs-core/dist/register_all_gradients'
declare module '@tensorflow/tfjs-backend-webgpu'
