import { RegisterCreate } from '../registers/RegisterCreate'
import { SwapInputs } from './SwapInputs'

export default function SwapCreate() {
  return (
    <RegisterCreate resource="swaps" defaults={{ appliesTo: 'five-day' }}>
      <SwapInputs />
    </RegisterCreate>
  )
}
