namespace ServiceProviderOcm.Tests.Sandbox;

/// <summary>Manifests of what runs programs.</summary>
internal static class Workloads
{
    /// <summary>A Deployment of two containers.</summary>
    public const string Deployment = """
        {
          "apiVersion": "apps/v1", "kind": "Deployment",
          "metadata": { "name": "d", "finalizers": ["example.com/a", "example.com/b"] },
          "spec": {
            "selector": { "matchLabels": { "app": "d" } },
            "template": {
              "metadata": { "labels": { "app": "d" } },
              "spec": {
                "containers": [
                  { "name": "one", "image": "one:1", "args": ["x"], "env": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }] },
                  { "name": "two", "image": "two" }
                ]
              }
            }
          }
        }
        """;

    /// <summary>A Deployment with something put in place of something else.</summary>
    public static string DeploymentWith(string what, string instead) =>
        Deployment.Contains(what, StringComparison.Ordinal)
            ? Deployment.Replace(what, instead, StringComparison.Ordinal)
            : throw new ArgumentException($"there is no {what} in the Deployment");
}
