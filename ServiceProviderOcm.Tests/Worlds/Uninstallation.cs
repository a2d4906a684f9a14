using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>The commands of docs/operations.md that remove what the pods and the operator leave on the platform cluster.</summary>
/// <param name="world">The clusters.</param>
/// <param name="api">The API group.</param>
public sealed class Uninstallation(ProviderWorld world, ProviderApi api)
{
    /// <summary>Runs the commands, with the names of this test.</summary>
    public async Task RunAsync()
    {
        foreach (var command in Commands())
        {
            await KubectlAsync(command);
        }
    }

    /// <summary>What is in the provider's namespace besides what the API server, the test's servers and the platform operator have there.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync()
    {
        // The API server lists a kind for a moment whose definition is deleted.
        var kinds = await SucceedingAsync(["api-resources", "--namespaced", "--verbs=list", "--output=name"]);
        var names = await SucceedingAsync(
            ["get", string.Join(',', kinds.Split('\n').Except(["", "events", "events.events.k8s.io"])), "--namespace", world.PodNamespace, "--output=name"]);
        return
        [
            .. names.Split('\n').Where(name => name.Length > 0 && name is not ("configmap/kube-root-ca.crt" or "serviceaccount/default")
                && !name.StartsWith("secret/default-token-", StringComparison.Ordinal)
                && !name.Contains(world.User, StringComparison.Ordinal)
                && !name.StartsWith("secret/" + ProviderWorld.PullSecretName, StringComparison.Ordinal)),
        ];
    }

    /// <summary>Runs kubectl on the platform cluster, which must succeed.</summary>
    public async Task KubectlAsync(params string[] arguments)
    {
        var result = await RunKubectlAsync(arguments);
        Assert.That(result.Code, Is.Zero, $"kubectl {string.Join(' ', arguments)}: {result.Errors}");
    }

    private List<string[]> Commands()
    {
        var document = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "operations.md"));
        var section = Regex.Match(document, "(?s)\n## Uninstall\n.*?```sh\n(?<commands>.*?)```").Groups["commands"].Value;
        var commands = section.Replace("\\\n", " ", StringComparison.Ordinal)
            .Replace("provider-name=ocm", $"provider-name={world.ProviderName}", StringComparison.Ordinal)
            .Replace("cloud--ocm", $"cloud--{world.ProviderName}", StringComparison.Ordinal)
            .Replace("ocm.services.openmcp.cloud", api.Group, StringComparison.Ordinal)
            .Replace("openmcp-system", world.PodNamespace, StringComparison.Ordinal)
            .Replace("kubectl --context PLATFORM", "", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        Assert.That(commands, Has.Count.GreaterThanOrEqualTo(3));
        return commands;
    }

    private async Task<string> SucceedingAsync(string[] arguments) =>
        (await Eventually.Async(() => RunKubectlAsync(arguments), result => result.Code == 0, string.Join(' ', arguments))).Output;

    private Task<KubectlResult> RunKubectlAsync(string[] arguments) =>
        Kubectl.RunAsync([$"--kubeconfig={world.KubeconfigFile(world.Platform)}", .. arguments]);
}
