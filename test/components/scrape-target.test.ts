import { expect, it } from "@jest/globals";
import { scrapeFlows } from "../../components/scrape-target";

it("a scraper may connect to each pod's metrics port and to nothing else of it", () => {
  const scraper = { namespace: "observability", pods: { app: "collector" } };
  const pods = { "app.kubernetes.io/name": "cart" };
  const target = { namespace: "shop", pods, port: 9090, path: "/metrics", scheme: "http" } as const;
  expect(scrapeFlows(scraper, [target])).toEqual([
    {
      from: scraper,
      to: { namespace: "shop", pods },
      ports: [{ port: 9090, protocol: "TCP" }],
      why: "metrics are scraped from each pod",
    },
  ]);
});
