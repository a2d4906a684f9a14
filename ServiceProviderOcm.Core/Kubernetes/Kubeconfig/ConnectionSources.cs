using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>Finds the cluster that this process works for.</summary>
public static class ConnectionSources
{
    private const string PathVariable = "KUBECONFIG";

    /// <summary>
    /// The first there is of: the path in the options, the files in <c>KUBECONFIG</c>, the service account of the pod, and
    /// <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubeconfigException">There is none; the message says what to set.</exception>
    public static IConnectionSource Platform(ConnectionOptions options, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        if (!string.IsNullOrEmpty(options.KubeconfigPath))
        {
            return Files([options.KubeconfigPath]);
        }

        if (PathsIn(options.Environment(PathVariable)) is { Length: > 0 } paths)
        {
            return Files(paths);
        }

        if (InClusterSource.IsAvailable(options))
        {
            return new InClusterSource(options, timeProvider, loggers.CreateLogger<InClusterSource>());
        }

        return HomeFile(options) is { } file && File.Exists(file)
            ? Files([file])
            : throw new KubeconfigException(
                $"There is no kubeconfig: set --kubeconfig or {PathVariable}, write ~/.kube/config or run in a pod of the cluster");

        KubeconfigFileSource Files(IReadOnlyList<string> files) =>
            new(files, options, timeProvider, loggers.CreateLogger<KubeconfigFileSource>());
    }

    private static string[] PathsIn(string? variable) =>
        (variable ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? HomeFile(ConnectionOptions options)
    {
        var home = options.Environment("HOME") ?? options.Environment("USERPROFILE");
        return string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".kube", "config");
    }
}
