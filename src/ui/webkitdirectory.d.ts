// React's types do not know the attribute that makes a file input take folders; every browser with WebGPU does.
import type {} from 'react'

declare module 'react' {
  interface InputHTMLAttributes<T> extends HTMLAttributes<T> {
    webkitdirectory?: string
  }
}
