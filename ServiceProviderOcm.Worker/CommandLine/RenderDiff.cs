using System.CommandLine;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Core.Kubernetes.Yaml;
using ServiceProviderOcm.Core.Tools.Diff;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Core.Tools.Rollouts;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Hosting;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>Compares a ProviderConfig in files with that of the clusters (read-only).</summary>
/// <param name="flags">The flags for the clusters.</param>
internal sealed class RenderDiff(SettingFlags flags)
{
    /// <summary>The settings that say where the clusters are. The files say which ProviderConfig it is.</summary>
    public static bool IsAccepted(Setting setting) =>
        SettingFlags.IsForClusters(setting) && setting.Name is not (nameof(ProviderOptions.ProviderName) or nameof(ProviderOptions.ApiGroup));

    /// <summary>Compares.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="to">The files with the new ProviderConfig.</param>
    /// <param name="writeAsync">Writes the result.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <returns>The process' exit code.</returns>
    /// <exception cref="ManifestException">The files have what the clusters have.</exception>
    public async Task<int> RunAsync(
        ParseResult result, RenderInputs to, Func<ConfigDiff, Task> writeAsync, CancellationToken cancellationToken)
    {
        if (to.Ocms is [var ocm, ..])
        {
            throw new ManifestException(ocm.At, $"{ocm.Manifest}: OCMs are those of the cluster; remove it, or compare files with --against");
        }

        ConfigDiff? diff = null;
        var exitCode = await ProviderHost.InspectAsync(
            [.. flags.Given(result), Given(nameof(ProviderOptions.ProviderName), to.Identity.ProviderName), Given(nameof(ProviderOptions.ApiGroup), to.Identity.Api.Group)],
            new ProviderOptionsValidator(),
            (clusters, groups, _, time) => OnboardingCluster.RunAsync(
                clusters,
                groups,
                ClientOptions.Command,
                onError: null,
                async onboarding =>
                {
                    diff = await ReadAsync(clusters, onboarding, to with { Identity = clusters.Identity }, time, cancellationToken);
                    return diff is null ? ExitCodes.Failure : ExitCodes.Success;
                },
                cancellationToken));
        if (diff is null)
        {
            return exitCode == ExitCodes.Usage ? ExitCodes.Usage : ExitCodes.DiffFailure;
        }

        await writeAsync(diff);
        return diff.HasChanges ? ExitCodes.Differences : ExitCodes.Success;
    }

    private static async Task<ConfigDiff?> ReadAsync(
        Clusters clusters, KubernetesApi onboarding, RenderInputs to, TimeProvider time, CancellationToken cancellationToken)
    {
        var identity = clusters.Identity;
        var ocms = await onboarding.ListAllAsync(identity.Api.Ocm, WatchScope.Everything, cancellationToken);
        var platform = clusters.Platform(ClientOptions.Command);
        try
        {
            if (await platform.ProviderConfigsAsync(identity, cancellationToken) is not [var providerConfig])
            {
                await ExplainAsync(
                    $"ProviderConfig {identity.ProviderName} not found on the {platform.ClusterName}. Compare with another file (--against), or create it.");
                return null;
            }

            var objects = await platform.RolloutAsync(identity, providerConfig, ocms.Objects, managed: null, cancellationToken);
            objects = objects with
            {
                UnreadableOcms = ocms.Unreadable.Count,
                ConfigMaps = await FindAsync(Kinds.ConfigMap, to.Config.ConfigMapNames, objects.ConfigMaps),
            };
            var secrets = await FindAsync(
                Kinds.Secret, DiffSource.SecretNames([to.Config, .. DiffSource.Known(identity, objects)]), RolloutObjects.None);
            return DiffSource.Clusters(to, objects, secrets, time.GetUtcNow());
        }
        catch (KubernetesApiException exception)
        {
            await ExplainAsync(
                $"Request to the {platform.ClusterName} failed: {exception.Message.TrimEnd('.')}. {ApiErrorAdvice.ForCommand(exception)}");
            return null;
        }

        async Task<IReadOnlyDictionary<string, KubeObject>> FindAsync(
            ResourceKind kind, IEnumerable<string> names, IReadOnlyDictionary<string, KubeObject> known)
        {
            var found = known.ToDictionary(StringComparer.Ordinal);
            foreach (var name in names.Where(name => !known.ContainsKey(name)))
            {
                if (await platform.FindAsync(kind, new ObjectKey(identity.PodNamespace, name), cancellationToken) is { } present)
                {
                    found[name] = present;
                }
            }

            return found;
        }
    }

    private static KeyValuePair<string, string?> Given(string setting, string value) =>
        KeyValuePair.Create(ProviderSettings.All.First(each => each.Name == setting).Key, (string?)value);

    private static Task ExplainAsync(string why) => Console.Error.WriteLineAsync(PrintableText.OneLine(why));
}
