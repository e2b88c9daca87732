export { errand } from './errand'
