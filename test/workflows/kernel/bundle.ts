export { errand } from './errand'
export { outing } from './outing'
