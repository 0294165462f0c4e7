import { MemoryStore } from '../stores/memory/memory-store'

export = MemoryStore
