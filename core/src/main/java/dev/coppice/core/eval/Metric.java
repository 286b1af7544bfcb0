package dev.coppice.core.eval;

import java.util.Locale;

/**
 * Ranking metrics of one user's list, each in [0, 1], higher is better.
 *
 * <p>Notation: the list holds items r_1, r_2, ... (best first), T is the user's test set, not
 * empty, rel_j is 1 if r_j is in T and else 0, hits(K) = rel_1 + ... + rel_K. A list shorter than K
 * counts as one that goes on with misses. Binary relevance; every unseen item is a candidate (full
 * ranking: Krichene and Rendle, On Sampled Metrics for Item Recommendation, KDD 2020).
 */
public enum Metric {
  /** hits(K) / |T|, as in LightGCN (He et al., SIGIR 2020). Cannot reach 1 where |T| &gt; K. */
  RECALL("recall") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      return (double) hits / relevant;
    }
  },

  /**
   * DCG(K) / IDCG(K) with DCG(K) = sum over j &lt;= K of rel_j / log2(j + 1) and IDCG(K) = sum over
   * j &lt;= min(K, |T|) of 1 / log2(j + 1) (Jarvelin and Kekalainen, TOIS 2002; the form of
   * LightGCN).
   */
  NDCG("ndcg") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      // A full hit list adds the same terms in the same order as the ideal one: exactly 1.
      return dcg / Discount.ideal(Math.min(k, relevant));
    }
  },

  /** hits(K) / K. */
  PRECISION("precision") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      return (double) hits / k;
    }
  },

  /**
   * 1 if hits(K) &gt; 0, else 0 (the HR of He et al., Neural Collaborative Filtering, WWW 2017).
   */
  HIT_RATE("hitrate") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      return hits > 0 ? 1 : 0;
    }
  },

  /**
   * Average precision: sum over j &lt;= K of rel_j hits(j) / j, over min(K, |T|); its mean over
   * users is MAP@K (Manning, Raghavan, Schutze, Introduction to Information Retrieval, section 8.4,
   * cut at K).
   */
  MAP("map") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      return Math.min(1, precisionSum / Math.min(k, relevant));
    }
  },

  /** 1 / (position of the first hit), 0 if there is none among the first K (Voorhees, TREC-8). */
  MRR("mrr") {
    @Override
    double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant) {
      return firstHit == 0 ? 0 : 1.0 / firstHit;
    }
  };

  private final String key;

  Metric(String key) {
    this.key = key;
  }

  /** The name in keys such as {@code recall@20}: lower case, no separator. */
  String key() {
    return key;
  }

  /**
   * From the running sums over the first K entries.
   *
   * @param hits hits(K)
   * @param firstHit position of the first hit from 1, or 0
   * @param dcg DCG(K)
   * @param precisionSum sum over j of rel_j hits(j) / j
   */
  abstract double of(int hits, int firstHit, double dcg, double precisionSum, int k, int relevant);

  /**
   * The metric of a key name, case ignored.
   *
   * @throws IllegalArgumentException naming the known metrics
   */
  static Metric parse(String name) {
    String wanted = name.trim().toLowerCase(Locale.ROOT);
    StringBuilder known = new StringBuilder();
    for (Metric metric : values()) {
      if (metric.key.equals(wanted)) {
        return metric;
      }
      known.append(known.length() == 0 ? "" : ", ").append(metric.key);
    }
    throw new IllegalArgumentException("unknown metric '" + name + "'; known: " + known);
  }
}
