import { describe, it } from 'vitest'
import { type Ability, storeSuite } from '../../src/store-suite'
import { ours } from '../support/implementations'
import { useFakeClock } from './fake-clock'
import { ALL_ABILITIES } from './reference-store'
import { AsyncCallbackStore, FileLikeStore, PromiseStore, SameTickStore } from './styles'

const advance = useFakeClock()

const memoryAbilities: Ability[] = ['touch', 'all', 'length', 'clear', 'expiry', 'compareAndSet']
const { MemoryStore } = ours
storeSuite({
  describe,
  it,
  name: 'MemoryStore',
  create: () => new MemoryStore(),
  abilities: memoryAbilities,
  advance,
})

for (const Style of [PromiseStore, SameTickStore, AsyncCallbackStore, FileLikeStore]) {
  storeSuite({
    describe,
    it,
    name: Style.name,
    create: async () => new Style(),
    abilities: ALL_ABILITIES,
    advance,
  })
}
