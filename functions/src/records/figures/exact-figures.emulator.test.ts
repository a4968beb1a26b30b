import { randomUUID } from 'node:crypto';
import { firestoreDocuments } from '#adapters/firestore/documents.ts';
import { describeExactFigures } from './exact-figures.contract.ts';

describeExactFigures(() => firestoreDocuments({ projectId: `demo-figures-${randomUUID().slice(0, 8)}` }));
