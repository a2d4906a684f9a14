using System.Diagnostics;

namespace ServiceProviderOcm.Worker.Telemetry;

/// <summary>
/// Records exceptions in spans without their messages, as long as it is not disposed of. .NET's own spans of HTTP requests have them, and
/// they quote status lines and headers of the server.
/// </summary>
internal sealed class SpanExceptions : IDisposable
{
    private readonly ActivityListener _listener;

    /// <summary>Starts.</summary>
    /// <param name="sources">The names of the sources.</param>
    public SpanExceptions(params string[] sources)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => sources.Contains(source.Name),
            ExceptionRecorder = Record,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Record(Activity activity, Exception exception, ref TagList tags)
    {
        tags.Add("exception.message", "");
        tags.Add("exception.stacktrace", exception.StackTrace ?? "");
    }
}
