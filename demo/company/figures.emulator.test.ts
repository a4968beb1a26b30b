import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { describeFigures } from './figures.contract.ts';

// A project of its own in the emulator, so that no other suite's documents are counted.
describeFigures('Firestore', async () => firestoreDocuments({ projectId: `demo-figures-${Date.now()}` }));
