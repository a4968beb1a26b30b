import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { describeFigures } from './figures.contract.ts';

// A separate project in the emulator, so that other suites' documents are not counted.
describeFigures('Firestore', async () => firestoreDocuments({ projectId: `demo-figures-${Date.now()}` }));
