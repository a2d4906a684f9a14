using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>What openmcp-operator 1.3 makes of a ServiceProvider.</summary>
public sealed class OperatorStandIn : OperatorDeployment
{
    private OperatorStandIn(ProviderWorld world)
        : base(world, world.User)
    {
    }

    /// <summary>Starts it. Both ServiceAccounts, sp-ocm-init and sp-ocm, are cluster-admin on the platform cluster.</summary>
    public static async Task<OperatorStandIn> StartAsync(ProviderWorld world)
    {
        await world.Platform.InstallCrdsAsync(PlatformKinds.ServiceProvider.Plural);
        var everything = new JsonObject
        {
            ["apiGroups"] = new JsonArray("*"),
            ["resources"] = new JsonArray("*"),
            ["verbs"] = new JsonArray("*"),
        };
        await world.Platform.GrantAsync(world.User, "cluster-admin", [everything]);
        return new OperatorStandIn(world);
    }

    protected override async Task<KubeObject> JobAsync(KubeObject provider)
    {
        await ReportAsync(provider, "Progressing");
        return Owner(
            "Job", "sp-ocm-init", provider, new JsonObject { ["backoffLimit"] = 4 }, "init", [.. Command(provider, "init"), .. Common(provider)]);
    }

    protected override Task<KubeObject> DeploymentAsync(KubeObject provider, KubeObject job)
    {
        var replicas = provider.Json.Number("spec", "runReplicas");
        return Task.FromResult(Owner(
            "Deployment",
            "sp-ocm",
            provider,
            new JsonObject { ["replicas"] = replicas },
            "sp-ocm",
            [
                .. Command(provider, "run"), .. Common(provider),
                .. replicas > 1 ? ["--leader-elect=true"] : Array.Empty<string>(),
                "--metrics-bind-address=:8080", "--metrics-secure=false",
            ]));
    }

    protected override Task ReadyAsync(KubeObject provider, KubeObject deployment) => ReportAsync(provider, "Ready");

    private Task ReportAsync(KubeObject provider, string phase) => World.Platform.Api.UpdateStatusAsync(
        PlatformKinds.ServiceProvider, provider.Key, new JsonObject { ["observedGeneration"] = provider.Generation, ["phase"] = phase });

    private static IEnumerable<string> Command(KubeObject provider, string command) =>
        provider.Json.Items("spec", $"{command}Command").Select(argument => argument.GetString()!).DefaultIfEmpty(command);

    // Verbosity is passed as written.
    private static string[] Common(KubeObject provider) =>
        ["--environment=default", $"--verbosity={provider.Json.Text("spec", "verbosity")}", $"--provider-name={provider.Name}"];

    private KubeObject Owner(
        string kind, string name, KubeObject provider, JsonObject spec, string container, IReadOnlyList<string> arguments)
    {
        spec["template"] = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = container,
                    ["image"] = provider.Json.Text("spec", "image"),
                    ["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]),
                    ["env"] = new JsonArray([.. Variables(provider)]),
                }),
                ["serviceAccountName"] = name,
            },
        };
        return KubeObject.From(new JsonObject
        {
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["namespace"] = World.PodNamespace, ["name"] = name },
            ["spec"] = spec,
        });
    }

    // Those of the spec come first: of two with one name, the later counts.
    private static IEnumerable<JsonNode?> Variables(KubeObject provider) =>
    [
        .. provider.Json.Items("spec", "env").Select(variable => JsonSerializer.SerializeToNode(variable)),
        Variable("POD_NAME", "metadata.name"),
        Variable("POD_NAMESPACE", "metadata.namespace"),
        Variable("POD_IP", "status.podIP"),
        Variable("POD_SERVICE_ACCOUNT_NAME", "spec.serviceAccountName"),
    ];

    private static JsonObject Variable(string name, string field) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = field } },
    };
}
