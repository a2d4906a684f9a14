
namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Waits for servers to answer.</summary>
public static class Readiness
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until a server answers a path with success.</summary>
    /// <exception cref="InvalidOperationException">It ended or took too long; the message has the end of its log.</exception>
    public static async Task WaitAsync(
        string what, GuardedProcess process, HttpClient http, string path, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            while (!await AnswersAsync(http, path, timeout.Token))
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException($"{what} has ended while starting:\n{process.LogTail()}");
                }

                await Task.Delay(Poll, TimeProvider.System, timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{what} is not ready after {Timeout}:\n{process.LogTail()}");
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
