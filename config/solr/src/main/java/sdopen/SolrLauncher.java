package sdopen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Properties;
import javax.servlet.DispatcherType;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.solr.servlet.CoreContainerProvider;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Solr in a Jetty of our own: Solr's server folder is not on Maven, its classes are. */
public final class SolrLauncher {
  private static final int MAX_THREADS = 1000;
  private static final int MIN_THREADS = 8;
  private static final int STOP_MILLISECONDS = 15_000;
  // CKAN sends long label filters; Solr's own server allows as much
  private static final int HEADER_BYTES = 65_536;

  private SolrLauncher() {}

  /** Serves /solr on loopback until SIGTERM; system properties say where. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.getInteger("jetty.port", 8983);
    Server server = new Server(new QueuedThreadPool(MAX_THREADS, MIN_THREADS));
    server.setStopAtShutdown(true);
    server.setStopTimeout(STOP_MILLISECONDS);
    server.addConnector(connector(server, port));
    solr(server, Path.of(System.getProperty("solr.solr.home")), port);
    try {
      server.start();
    } catch (IOException refused) {
      System.err.println("Solr cannot listen on port " + port + ": " + refused.getMessage());
      System.exit(1);
    }
    server.join();
  }

  /** HTTP/1.1 for clients and cleartext HTTP/2 between the nodes of a SolrCloud. */
  private static ServerConnector connector(Server server, int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost(System.getProperty("solr.jetty.host", "127.0.0.1"));
    connector.setPort(port);
    return connector;
  }

  private static void solr(Server server, Path home, int port) {
    ServletContextHandler root =
        new ServletContextHandler(server, "/solr", ServletContextHandler.SESSIONS);
    root.setResourceBase(home.toString());
    Properties node = new Properties();
    node.setProperty("hostPort", Integer.toString(port));
    root.setAttribute(SolrDispatchFilter.PROPERTIES_ATTRIBUTE, node);
    root.setAttribute(SolrDispatchFilter.SOLRHOME_ATTRIBUTE, home.toString());
    // the container must be there before the filter asks for it
    root.addEventListener(new CoreContainerProvider());
    root.addFilter(SolrDispatchFilter.class, "/*", EnumSet.of(DispatcherType.REQUEST));
    // the filter runs only where a servlet is mapped
    root.addServlet(new ServletHolder(new Nothing()), "/");
  }

  /** Answers what Solr leaves over. */
  private static final class Nothing extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
