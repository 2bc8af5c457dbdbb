import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/// One node of OpenSearch on loopback: `Start FOLDER PORT TRANSPORT_PORT`.
class Start {
  public static void main(String[] args) throws Exception {
    var runner = new OpenSearchRunner();
    runner
        .onBuild(
            (_, settings) -> {
              settings.put("http.port", args[1]);
              settings.put("transport.port", args[2]);
              settings.put("network.host", "127.0.0.1");
              settings.putList("node.roles", "cluster_manager", "data", "ingest");
              settings.put("discovery.type", "single-node");
              settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
              settings.remove("discovery.seed_hosts");
              settings.putList("discovery.seed_hosts");
              settings.remove("cluster.initial_master_nodes");
            })
        .build(
            OpenSearchRunner.newConfigs()
                .clusterName("sluice-it")
                .numOfNode(1)
                .basePath(args[0])
                .disableESLogger());
    runner.ensureYellow();
    System.out.println("started");
    new CountDownLatch(1).await();
  }
}
