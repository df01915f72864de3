import { createMemoryStore } from '../../cache/memory.ts';
import { storeContract } from './contract.ts';

storeContract('memory', createMemoryStore);
