/**
 * Gated sparse local models, one per client: item buckets x dimension groups, the gate, the
 * knapsack, the client's step and the server's (docs/federation.md; words in docs/design.md section
 * 3). Knows the solver, masks and tables, and nothing of a cluster. Source: Chen, Yao, Gao, Ding,
 * Li: <i>Efficient Personalized Federated Learning via Sparse Model-Adaptation</i>, ICML 2023
 * (arXiv 2305.02776), named pFedGate below.
 *
 * <p>A client is a group of users. What it holds alone ({@link
 * dev.coppice.core.federate.ClientData}, {@link dev.coppice.core.federate.ClientState}) never
 * leaves it; what it sends is {@link dev.coppice.core.federate.ClientUpdate} and, once, {@link
 * dev.coppice.core.federate.Census}.
 */
package dev.coppice.core.federate;
