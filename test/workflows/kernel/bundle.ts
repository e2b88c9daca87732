export { errand } from './errand'
export { panel } from './panel'
