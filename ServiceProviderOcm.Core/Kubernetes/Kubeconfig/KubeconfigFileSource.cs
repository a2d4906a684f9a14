using Microsoft.Extensions.Logging;
using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Kubernetes.Kubeconfig;

/// <summary>
/// Connects as kubeconfig files say. When they, or files that they name, change, the next request gets a new connection; while
/// they cannot be used, the last good one stays.
/// </summary>
public sealed class KubeconfigFileSource : IConnectionSource, IDisposable
{
    private readonly ReloadingConnection _connection;

    /// <summary>Uses these files. They need not exist yet.</summary>
    /// <param name="paths">Of what is named in several files, the first counts. Missing ones are skipped if there is at least one.</param>
    /// <param name="options">The context and the handlers.</param>
    /// <param name="timeProvider">Schedules reads and decides what has expired.</param>
    /// <param name="logger">Logs why a changed file is not used.</param>
    public KubeconfigFileSource(
        IReadOnlyList<string> paths, ConnectionOptions options, TimeProvider timeProvider, ILogger<KubeconfigFileSource> logger)
    {
        var files = paths.Select(Path.GetFullPath).ToArray();
        var context = string.IsNullOrEmpty(options.Context) ? null : options.Context;
        _connection = new ReloadingConnection(
            () => SettingsResolver.Resolve(new MergedConfig(Read(files)), context),
            new ConnectionFactory(options),
            timeProvider,
            logger);
    }

    /// <inheritdoc/>
    /// <exception cref="KubeconfigException">There has been no usable kubeconfig yet, or its credential plugin failed.</exception>
    public ValueTask<ClusterConnection> GetAsync(CancellationToken cancellationToken) => _connection.GetAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static ConfigNode[] Read(string[] files)
    {
        var existing = files.Where(File.Exists).ToArray();
        return existing.Length > 0
            ? [.. existing.Select(Read)]
            : throw new KubeconfigException($"{string.Join(", ", files)}: there is no such kubeconfig; see --kubeconfig and KUBECONFIG");
    }

    private static ConfigNode Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length is var length && length > KubeconfigText.MaxLength)
            {
                throw KubeconfigText.TooLarge(file, length, KubeconfigText.MaxLength);
            }

            return KubeconfigText.Parse(File.ReadAllText(file), new ConfigOrigin(file, Path.GetDirectoryName(file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KubeconfigException($"{file}: cannot be read; check its permissions");
        }
    }
}
