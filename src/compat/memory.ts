import { MemoryStore } from '../memory-store'

export = MemoryStore
