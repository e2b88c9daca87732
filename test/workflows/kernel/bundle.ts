export { errand } from './errand'
export { panel } from './panel'
export { outing } from './outing'
export { petition } from './petition'
